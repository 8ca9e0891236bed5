import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SecureContext, TLSSocket } from 'node:tls';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { answerLine, greet } from './conversation.ts';
import { createEndOfDataScanner } from './end-of-data.ts';
import { finishChunk, finishMessage } from './finish-message.ts';
import { createInputBuffer } from './input-buffer.ts';
import { addToDraft } from './received-message.ts';
import { refuse, type ServerRole, type Step, startConversation } from './state.ts';

/** Octets that may wait on either side before the peer has to wait. */
const MAX_WAITING = 65_536;
/** Time that a peer has to close its side after our goodbye. */
const LINGER_MS = 2000;

export interface SessionOptions {
  role: ServerRole;
  /** Absent where the server has no TLS. */
  secureContext: SecureContext | undefined;
  /** TLS from the first byte, as on port 465 (RFC 8314). */
  implicitTls: boolean;
  logger: Logger;
}

export interface Session {
  /** Ends the session at once. */
  destroy(): void;
}

/** Plays one SMTP conversation on a connection: bytes in, commands answered one after the other, bytes out. */
export function startSession(raw: Socket, options: SessionOptions): Session {
  const { role, secureContext, logger } = options;
  const state = startConversation(role, options.implicitTls);
  const input = createInputBuffer();
  const ended = new AbortController();
  let socket: Socket | TLSSocket = raw;
  let reading: Reading = { kind: 'line' };
  let busy = false;
  let linger: NodeJS.Timeout | undefined;
  const idle = setTimeout(() => farewell('421 4.4.1 Connection timed out'), role.limits.idleMs);
  const deadline = setTimeout(() => farewell('421 4.4.1 Connection timed out'), role.limits.sessionMs);

  raw.setNoDelay(true);
  raw.once('close', finish);
  attach(raw);
  if (options.implicitTls) secure();
  const speaksFirst = role.script.silent === undefined && !(options.implicitTls && role.script.resetsTls !== undefined);
  if (speaksFirst) run(() => perform(greet(state)));

  /** From here on `next` is the connection; TLS takes the place of the plain socket. */
  function attach(next: Socket | TLSSocket): void {
    socket = next;
    next.on('error', (error) => {
      logger.debug({ host: role.host, err: messageOf(error) }, 'sandbox SMTP connection failed');
      destroy();
    });
    next.on('data', onData);
  }

  function onData(chunk: Buffer): void {
    idle.refresh();
    if (role.script.silent !== undefined || ended.signal.aborted) return;
    input.push(chunk);
    if (input.size > MAX_WAITING) socket.pause();
    run(answerInput);
  }

  /** Runs one piece of work at a time; what comes in meanwhile is answered by its end. */
  function run(work: () => Promise<void>): void {
    if (busy) return;
    busy = true;
    work()
      .then(answerInput)
      .catch((error: unknown) => {
        if (!ended.signal.aborted) logger.error({ host: role.host, err: error }, 'sandbox SMTP session failed');
        destroy();
      })
      .finally(() => {
        busy = false;
        if (!ended.signal.aborted) socket.resume();
      });
  }

  async function answerInput(): Promise<void> {
    while (!ended.signal.aborted) {
      const step = readOn();
      if (step === undefined) return;
      await perform(step);
    }
  }

  /** The step that the waiting input calls for, or undefined when more input is needed. */
  function readOn(): Step | undefined {
    if (reading.kind === 'line') {
      const taken = input.takeLine(role.limits.lineOctets);
      if (taken === undefined) return undefined;
      return 'line' in taken ? answerLine(state, taken.line) : refuse(state, '500 5.5.2 Line too long');
    }
    if (reading.kind === 'data') {
      const chunk = input.takeOctets(MAX_WAITING);
      const { octets, ended: complete } = reading.scanner.scan(chunk);
      addToDraft(state.draft, chunk.subarray(0, octets));
      input.unshift(chunk.subarray(octets));
      if (!complete) return state.draft.octets > role.limits.drainOctets ? tooMuch() : undefined;
      state.draft.octets = Math.max(0, state.draft.octets - 3);
      reading = { kind: 'line' };
      return finishMessage(state, 'DATA');
    }
    const chunk = input.takeOctets(reading.left);
    addToDraft(state.draft, chunk);
    reading.left -= chunk.length;
    if (state.draft.octets > role.limits.drainOctets) return tooMuch();
    if (reading.left > 0) return undefined;
    const { octets, last } = reading;
    reading = { kind: 'line' };
    return last ? finishMessage(state, 'BDAT') : finishChunk(state, octets);
  }

  async function perform(step: Step): Promise<void> {
    if (step.reply !== undefined) {
      if (role.script.delayMs !== undefined) await sleep(role.script.delayMs, undefined, { signal: ended.signal });
      if (socket.writableLength > MAX_WAITING) return destroy();
      if (step.next?.kind === 'starttls') stopReadingPlaintext();
      socket.write(`${step.reply.replaceAll('\n', '\r\n')}\r\n`);
    }
    if (step.next?.kind === 'close') sayGoodbye();
    else if (step.next?.kind === 'starttls') secure();
    else if (step.next?.kind === 'data') reading = { kind: 'data', scanner: createEndOfDataScanner() };
    else if (step.next?.kind === 'chunk') reading = { left: step.next.octets, ...step.next };
  }

  /** RFC 3207 section 4.2, and CVE-2011-0411: what was sent in clear behind STARTTLS must not be taken for secure. */
  function stopReadingPlaintext(): void {
    raw.removeListener('data', onData);
    input.clear();
  }

  function secure(): void {
    raw.removeListener('data', onData);
    if (role.script.resetsTls !== undefined || secureContext === undefined) {
      raw.once('data', () => raw.resetAndDestroy());
      raw.resume();
      return;
    }
    attach(new TLSSocket(raw, { isServer: true, secureContext }));
    state.secure = true;
    state.greeted = false;
  }

  function tooMuch(): Step {
    return { reply: '552 5.3.4 Message size exceeds fixed maximum message size', next: { kind: 'close' } };
  }

  function farewell(reply: string): void {
    if (ended.signal.aborted) return;
    if (role.script.silent === undefined && socket.writable) socket.write(`${reply}\r\n`);
    sayGoodbye();
  }

  function sayGoodbye(): void {
    clearTimeout(deadline);
    socket.removeListener('data', onData);
    socket.resume();
    socket.end();
    linger ??= setTimeout(destroy, LINGER_MS);
    ended.abort();
  }

  /** Only the outermost socket: destroying the plain one below a living TLS one crashes Node (20, 22 and 24). */
  function destroy(): void {
    ended.abort();
    socket.destroy();
  }

  function finish(): void {
    clearTimeout(idle);
    clearTimeout(deadline);
    clearTimeout(linger);
    destroy();
  }

  return { destroy };
}

/** What the next octets are: a command line, message text up to its dot, or a chunk of known length. */
type Reading =
  | { kind: 'line' }
  | { kind: 'data'; scanner: ReturnType<typeof createEndOfDataScanner> }
  | { kind: 'chunk'; left: number; octets: number; last: boolean };
