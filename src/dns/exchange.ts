import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { errnoOf } from '../errors.ts';
import type { DnsMessage } from './read-message.ts';
import type { ServerAddress } from './server-address.ts';

/** Why a server gave no answer: silence, no way to reach it, or only bytes that are no answer. */
export type NoReply = 'timeout' | 'refused' | 'invalid';

/** What bytes from the server are: the reply; no message at all; or a message that answers another question. */
export type Judgement = DnsMessage | 'unreadable' | 'foreign';

/** One question as it goes over the wire, and how its reply is told from others. */
export interface Exchange {
  server: ServerAddress;
  query: Buffer;
  judge: (bytes: Buffer) => Judgement;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * One question over UDP on a socket of its own: the kernel picks its port at random, and being connected it hears only the
 * server (RFC 5452 9.2, 9.3). What does not answer the question is passed over, so that a forged datagram cannot end the
 * wait. Rejects only with the reason of `signal`; the socket is closed when this settles.
 */
export function exchangeUdp({ server, query, judge, timeoutMs, signal }: Exchange): Promise<DnsMessage | NoReply> {
  return settleOnce(timeoutMs, signal, (finish) => {
    let garbage = false;
    let open = true;
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    socket.on('error', () => finish('refused'));
    socket.on('message', (bytes) => {
      const judged = judge(bytes);
      if (typeof judged === 'object') finish(judged);
      else if (judged === 'unreadable') garbage = true;
    });
    socket.on('connect', () => {
      if (open) socket.send(query);
    });
    // Without a callback, to which an unreachable network would be reported instead of as an 'error'.
    socket.connect(server.port, server.address);
    return {
      onTimeout: () => (garbage ? 'invalid' : 'timeout'),
      close: () => {
        open = false;
        socket.close();
      },
    };
  });
}

/** The same over TCP (RFC 7766): one message each way with its length in two bytes before it, which bounds it to 64 KB. */
export function exchangeTcp({ server, query, judge, timeoutMs, signal }: Exchange): Promise<DnsMessage | NoReply> {
  return settleOnce(timeoutMs, signal, (finish) => {
    const chunks: Buffer[] = [];
    let held = 0;
    const socket = connect({ host: server.address, port: server.port });
    socket.on('error', (error) => finish(errnoOf(error) === 'ETIMEDOUT' ? 'timeout' : 'refused'));
    socket.on('connect', () => socket.write(withLength(query)));
    socket.on('end', () => finish(held === 0 ? 'refused' : 'invalid'));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      held += chunk.length;
      const length = held < 2 ? undefined : lengthOf(chunks);
      if (length === undefined || held < 2 + length) return;
      const judged = judge(Buffer.concat(chunks).subarray(2, 2 + length));
      finish(typeof judged === 'object' ? judged : 'invalid');
    });
    return { onTimeout: () => 'timeout', close: () => socket.destroy() };
  });
}

interface Opened {
  onTimeout: () => NoReply;
  close: () => void;
}

/** A promise that is settled once: by what `open` finishes with, by the time, or by the signal; then everything is closed. */
function settleOnce(
  timeoutMs: number,
  signal: AbortSignal,
  open: (finish: (reply: DnsMessage | NoReply) => void) => Opened,
): Promise<DnsMessage | NoReply> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let done = false;
    const end = (settle: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      opened.close();
      settle();
    };
    const onAbort = (): void => end(() => reject(signal.reason));
    const opened = open((reply) => end(() => resolve(reply)));
    const timer = setTimeout(() => end(() => resolve(opened.onTimeout())), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The first two bytes, which may have come one by one. */
function lengthOf(chunks: readonly Buffer[]): number {
  const [first = Buffer.alloc(0), second] = chunks;
  return first.length > 1 ? first.readUInt16BE(0) : (first[0] ?? 0) * 256 + (second?.[0] ?? 0);
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
