import { connect, isIP } from 'node:net';
import { decideEgress } from '../../egress/egress-policy.ts';
import type { Attempt } from '../attempt/attempt-context.ts';
import { ReplyParser } from '../session/reply-parser.ts';
import { clientHello, readServerFlight, type ServerFlight } from './tls-hello.ts';

/** What is sent once the server has said 220 to each of banner, EHLO and STARTTLS. */
type Step = 'banner' | 'ehlo' | 'starttls' | 'tls';

/** A server that sends its certificates in more pieces than these is playing for time. */
const MAX_CHUNKS = 200;
/** `user_canceled` (RFC 5246 7.2.2). */
const CANCELLED = Buffer.from([21, 3, 3, 0, 2, 2, 90]);

/**
 * Sends one hello with these cipher suites and returns what the server chose, or undefined when it chose nothing. It
 * shows what OpenSSL cannot: suites that it has forgotten, and the certificates exactly as they were sent.
 */
export async function rawHandshake(attempt: Attempt, ciphers: readonly number[]): Promise<ServerFlight | undefined> {
  const { record, settings } = attempt;
  const { host, ip, port } = record.plan;
  const left = Math.min(settings.stageMs, settings.deadlineAt - settings.clock.elapsed());
  if (left <= 0 || settings.signal.aborted || !decideEgress(ip, port, settings.egress).allowed) return undefined;
  const hello = clientHello(ciphers, isIP(host) === 0 ? host : undefined);
  return new Promise((resolve) => {
    const socket = connect(settings.dial(ip, port));
    const parser = new ReplyParser();
    let step: Step = settings.implicitTls ? 'tls' : 'banner';
    let flight = Buffer.alloc(0);
    let chunks = 0;

    const finish = (result?: ServerFlight): void => {
      clearTimeout(timer);
      settings.signal.removeEventListener('abort', onAbort);
      if (result === undefined) socket.destroy();
      else socket.end(CANCELLED, () => socket.destroy());
      resolve(result);
    };
    const onAbort = (): void => finish();
    const timer = setTimeout(finish, left);
    settings.signal.addEventListener('abort', onAbort, { once: true });

    const onReply = (code: number): void => {
      if (code !== (step === 'ehlo' ? 250 : 220)) finish();
      else if (step === 'banner') say('ehlo', `EHLO ${settings.helo}\r\n`);
      else if (step === 'ehlo') say('starttls', 'STARTTLS\r\n');
      else say('tls', hello);
    };
    const say = (next: Step, bytes: string | Buffer): void => {
      step = next;
      socket.write(bytes);
    };
    const onText = (chunk: Buffer): void => {
      for (const event of parser.push(chunk.toString('latin1'))) {
        if (event.type === 'reply') onReply(event.reply.code);
        else if (event.type === 'broken') finish();
      }
    };
    const onFlight = (chunk: Buffer): void => {
      chunks += 1;
      flight = Buffer.concat([flight, chunk]);
      const reading = chunks > MAX_CHUNKS ? ({ state: 'broken' } as const) : readServerFlight(flight);
      if (reading.state === 'flight') finish(reading.flight);
      else if (reading.state !== 'more') finish();
    };
    socket.on('connect', () => {
      if (step === 'tls') socket.write(hello);
    });
    socket.on('data', (chunk) => (step === 'tls' ? onFlight(chunk) : onText(chunk)));
    // However it ends, there is nothing to add to what is known.
    socket.on('error', () => finish());
    socket.on('close', () => finish());
  });
}
