import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPClient } from 'smtp-client';
import { errnoOf, messageOf } from '../../errors.ts';
import type { Stage } from '../../vocabulary.ts';
import { memoryOf } from '../tls/certificate-memory.ts';
import { leaveNamesToUs, type TlsFacts, tlsFacts } from '../tls/tls-facts.ts';
import { type Pending, ReplyReader } from './reply-reader.ts';
import { SessionError, type SessionErrorKind } from './session-error.ts';
import type { SessionOptions } from './session-options.ts';
import type { ReplyWaiter, SocketOptions } from './smtp-client-internals.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** How long a peer may take to close its side after we have closed ours. */
const LINGER_MS = 250;
const MORE_THAN_ONE_LINE = /[\r\n\0]/;

/** One command line and the stage that it belongs to. */
export interface Command {
  stage: Stage;
  line: string;
}

/**
 * One SMTP connection. smtp-client makes the socket and sequences the upgrade to TLS; every path on which bytes arrive or
 * leave is overridden here, because as it comes it crashes, desynchronises and grows without bound before a hostile peer.
 * Each stage has one deadline, and whatever goes wrong destroys the session: a late reply can never answer the next command.
 */
export class SmtpSession extends SMTPClient {
  private readonly options: SessionOptions;
  private readonly replies: ReplyReader;
  private readonly onAbort: () => void;
  private raw: Socket | undefined;
  private failure: SessionError | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stage: Stage = 'connect';
  private finished = false;
  /** Filled once TLS is up. */
  tls: TlsFacts | undefined;

  constructor(options: SessionOptions) {
    const { host, port, servername, secureContext } = options;
    const socketOptions: SocketOptions = {
      host,
      port,
      secure: options.implicitTls,
      ...(servername === undefined ? {} : { servername }),
      secureContext,
      // The certificate is evidence to be judged by certificate.ts, not a reason to hang up.
      rejectUnauthorized: false,
    };
    super(socketOptions);
    this.options = options;
    this.replies = new ReplyReader(options, {
      onAnswered: (next) => this.onAnswered(next),
      onBroken: (reason, detail) => this.onBroken(reason, detail),
    });
    this.onAbort = () => this.fail('cancelled', 'cancelled');
    options.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Connects (with TLS first when it is implicit) and waits for the banner. */
  open(): Promise<SmtpReply> {
    if (this.options.signal.aborted) this.onAbort();
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.enter('connect');
    return this._connectAsPromised({ handler: null });
  }

  /** Sends one command line and waits for its reply. */
  command(stage: Stage, line: string): Promise<SmtpReply> {
    if (MORE_THAN_ONE_LINE.test(line)) return Promise.reject(this.badLine());
    return this.exchange(stage, `${line}\r\n`, line);
  }

  /** Sends bytes that are not a command line (message data) and waits for the reply; `shown` stands in the transcript. */
  exchange(stage: Stage, data: string, shown: string): Promise<SmtpReply> {
    this.enter(stage);
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.replies.unsolicited = 0;
      this.replies.expect(stage, { resolve, reject });
      this.options.transcript.client(shown);
      this._socket?.write(data);
    });
  }

  /**
   * Sends command lines in one write (RFC 2920 3.1). Replies belong to commands in their order; each function waits for the
   * one of its command, and they are to be called in that order.
   */
  pipeline(commands: readonly Command[]): (() => Promise<SmtpReply>)[] {
    if (commands.some(({ line }) => MORE_THAN_ONE_LINE.test(line))) this.badLine();
    const { clock, transcript } = this.options;
    const first = commands[0];
    if (first !== undefined) this.enter(first.stage);
    this.replies.unsolicited = 0;
    this.replies.surplus = 0;
    const replies = commands.map(({ stage, line }) => {
      const reply = new Promise<SmtpReply>((resolve, reject) => {
        if (this.failure !== undefined) return reject(this.failure);
        this.replies.expect(stage, { resolve, reject });
        transcript.client(line);
      });
      // When an earlier one ends the conversation, nobody asks for this one any more.
      reply.catch(() => undefined);
      return reply;
    });
    if (this.failure === undefined) this._socket?.write(commands.map(({ line }) => `${line}\r\n`).join(''));
    return commands.map(({ stage }, at) => () => {
      const reply = replies[at] ?? Promise.reject(this.badLine());
      if (at > 0 && this.failure === undefined) {
        clock.enter(stage);
        // It may have come with the one before.
        if (!this.replies.waiting.some((waiter) => waiter.stage === stage)) clock.settle('ok');
      }
      return reply;
    });
  }

  /** Replies beyond those that were asked for since commands were last sent together. */
  get surplus(): number {
    return this.replies.surplus;
  }

  /** From here on what the peer says is shown only as `conceal` returns it: it may repeat a secret that it is told. */
  hide(conceal: (text: string) => string): void {
    this.replies.conceal = conceal;
  }

  private badLine(): SessionError {
    return this.fail('bad-argument', 'a command must be one line');
  }

  /** Upgrades to TLS after the peer has agreed to STARTTLS. */
  startTls(): Promise<void> {
    // RFC 3207 5: nothing may follow the reply in plain text; what is buffered here would be read as part of the TLS session.
    if (this.replies.saidMore) {
      return Promise.reject(this.fail('starttls-injection', 'plain text followed the reply to STARTTLS', 'starttls'));
    }
    this.enter('tls');
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.replies.expect('tls', { resolve: () => undefined, reject });
      this._negotiateTLSAsPromised({ secure: true }).then(
        () => {
          this.replies.waiting.pop();
          // What we do with the certificate now is no time of the peer's.
          clearTimeout(this.timer);
          this.options.clock.settle('ok');
          // TLS stands: a connection that ends while the certificate is judged ends the conversation inside, not the handshake.
          this.stage = 'ehlo';
          resolve();
        },
        (error: Error) => this._onError(error),
      );
    });
  }

  /**
   * Says RSET (to end a transaction) and QUIT, waits briefly, closes TLS and TCP in good order. Never rejects. False when
   * the answers are such as nobody gives to these two: they then answer something else, and the count of replies is lost.
   */
  async farewell(options: { reset?: boolean } = {}): Promise<boolean> {
    let inStep = true;
    try {
      if (options.reset === true) inStep = takesLeave(await this.command('quit', 'RSET'));
      inStep = takesLeave(await this.command('quit', 'QUIT')) && inStep;
    } catch {
      // How a peer takes its leave says nothing about mail flow; the transcript has what happened.
      this.options.clock.mark('quit', 'ok');
    }
    this.finish();
    return inStep;
  }

  /** Closes without a word; for use after a failure, where it does nothing new. */
  abort(): void {
    if (this.finished) return;
    this.finished = true;
    this.release();
    this.destroySockets();
  }

  private finish(): void {
    if (this.finished || this.failure !== undefined) return;
    this.finished = true;
    this.release();
    // end() sends close_notify and FIN; a peer that does not answer with its own is not waited for long.
    this._socket?.end();
    const timer = setTimeout(() => this.destroySockets(), LINGER_MS).unref();
    this.raw?.once('close', () => clearTimeout(timer));
  }

  private release(): void {
    clearTimeout(this.timer);
    this.options.signal.removeEventListener('abort', this.onAbort);
  }

  private enter(stage: Stage): void {
    if (this.failure !== undefined) return;
    this.options.clock.enter(stage);
    this.arm(stage);
  }

  /** From here on it is this stage whose deadline runs. */
  private arm(stage: Stage): void {
    this.stage = stage;
    clearTimeout(this.timer);
    const ms = Math.max(0, this.options.stageBudgetMs(stage));
    this.timer = setTimeout(() => this.fail('timeout', `no answer within ${limitWords(ms)}`), ms);
  }

  private fail(kind: SessionErrorKind, message: string, stage = this.stage, errno?: string): SessionError {
    if (this.failure !== undefined) return this.failure;
    const goodbye = kind === 'closed' || kind === 'socket' ? this.replies.goodbye : undefined;
    const failure = new SessionError(kind, stage, message, { errno, goodbye });
    this.failure = failure;
    this.options.clock.settle('failed');
    this.options.transcript.event(message);
    this.release();
    this.destroySockets();
    for (const waiter of this.replies.waiting.splice(0)) waiter.reject(failure);
    return failure;
  }

  /** The TLS socket goes first: destroying the raw one before it crashes Node 20 to 24 (segmentation fault). */
  private destroySockets(): void {
    this._socket?.destroy();
    this.raw?.destroy();
  }

  override _createSocket(options: SocketOptions, onConnect: () => void): Socket | TLSSocket {
    const upgrade = options.socket !== undefined;
    const socket = super._createSocket(options, () => {
      if (this.failure !== undefined || this.finished) return;
      onConnect();
      // Byte-exact: replies are decoded only for people.
      socket.setEncoding('latin1');
      if (socket instanceof TLSSocket) this.onSecure(socket);
      if (upgrade) return;
      this.enter('banner');
      // Nobody asks for the greeting: its time runs from the connection.
      for (const waiter of this.replies.waiting) waiter.sentAt = this.options.clock.elapsed();
    });
    if (socket instanceof TLSSocket) leaveNamesToUs(socket);
    // smtp-client strips the raw socket of its listeners before the upgrade, also of the one that keeps an error from
    // ending the process.
    if (upgrade) this.raw?.on('error', (error) => this._onError(error));
    else this.raw = socket;
    socket.on('error', (error) => this._onError(error));
    if (upgrade) return socket;
    socket.once('connect', () => {
      this.options.transcript.event(`connected to ${this.options.peerName}`);
      if (options.secure) this.enter('tls');
    });
    return socket;
  }

  private onSecure(socket: TLSSocket): void {
    const { host, port, servername = '', secureContext } = this.options;
    this.tls = tlsFacts(socket, { name: `${host} ${port} ${servername}`, memory: memoryOf(secureContext) });
    const { protocol, cipher, trusted, trustError } = this.tls;
    this.options.transcript.event(
      `TLS ${protocol} ${cipher}, chain ${trusted ? 'trusted' : `not trusted: ${trustError}`}`,
    );
  }

  override _resolveCommand(waiter: ReplyWaiter): void {
    if (this.failure !== undefined) waiter.reject(this.failure);
    else this.replies.expect('banner', waiter);
  }

  override _onReceive(chunk: string): void {
    if (this.failure !== undefined || this.finished) return;
    this.replies.push(chunk);
  }

  private onAnswered(next: Pending | undefined): void {
    clearTimeout(this.timer);
    this.options.clock.settle('ok');
    if (next !== undefined) this.arm(next.stage);
  }

  private onBroken(reason: 'malformed-reply' | 'reply-too-long', detail: string): void {
    const afterStartTls = this.stage === 'starttls' && this.replies.waiting.length === 0;
    this.fail(afterStartTls ? 'starttls-injection' : reason, detail);
  }

  override _onError(error: Error): void {
    if (this.finished) return;
    const errno = errnoOf(error);
    // A refused SYN is ECONNREFUSED; ECONNRESET this early means that the connection stood and was cut at once.
    const cutAtOnce = this.stage === 'connect' && errno === 'ECONNRESET';
    const early = cutAtOnce ? (this.options.implicitTls ? 'tls' : 'banner') : this.stage;
    const alerted = errno?.startsWith('ERR_SSL') === true || errno === 'EPROTO';
    // With TLS 1.3 a server's refusal of the handshake (no client certificate) comes after we have finished ours.
    const refused = alerted && this.tls !== undefined && (early === 'banner' || early === 'ehlo');
    const stage = refused ? 'tls' : early;
    const isTls = stage === 'tls' || alerted;
    this.fail(isTls ? 'tls' : 'socket', errno ?? messageOf(error), stage, errno);
  }

  override _onEnd(): void {
    if (!this.finished) this.fail('closed', 'the server closed the connection');
  }

  override _onClose(): void {
    if (!this.finished) this.fail('closed', 'the server closed the connection');
  }

  override _onTimeout(): void {
    this.fail('timeout', 'the socket was idle for too long');
  }

  /** The inherited verbs (mail, rcpt, data …) end here: they neither check their arguments nor stuff dots. */
  override write(): Promise<never> {
    return Promise.reject(this.fail('bad-argument', 'commands are sent with command() only'));
  }

  override negotiateTLS(): Promise<never> {
    return Promise.reject(this.fail('bad-argument', 'TLS is started with startTls() only'));
  }
}

/** `300 ms`, `15 s` */
function limitWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** RSET and QUIT are answered with 250 and 221, or with the 421 of a server that goes (RFC 5321 4.3.2). */
function takesLeave({ code }: SmtpReply): boolean {
  return code < 300 || code === 421;
}
