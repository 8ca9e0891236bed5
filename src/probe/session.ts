import type { Socket } from 'node:net';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { SMTPClient } from 'smtp-client';
import { errnoOf, messageOf } from '../errors.ts';
import type { Stage } from '../vocabulary.ts';
import { ReplyParser } from './reply-parser.ts';
import { SessionError, type SessionErrorKind } from './session-error.ts';
import { ODDITY_WORDS, type SessionOptions } from './session-options.ts';
import type { ReplyWaiter, SocketOptions } from './smtp-client-internals.ts';
import type { SmtpReply } from './smtp-reply.ts';
import { type TlsFacts, tlsFacts } from './tls-facts.ts';

/** How long a peer may take to close its side after we have closed ours. */
const LINGER_MS = 250;

/**
 * One SMTP connection. smtp-client makes the socket and sequences the upgrade to TLS; every path on which bytes arrive or
 * leave is overridden here, because as it comes it crashes, desynchronises and grows without bound before a hostile peer.
 * Each stage has one deadline, and whatever goes wrong destroys the session: a late reply can never answer the next command.
 */
export class SmtpSession extends SMTPClient {
  private readonly options: SessionOptions;
  private readonly parser = new ReplyParser();
  private readonly waiters: ReplyWaiter[] = [];
  private readonly onAbort: () => void;
  /** The chain as Node has already read it, when it verifies; reading it costs as much as all else but the handshake. */
  private readonly shown: { certificate?: DetailedPeerCertificate };
  private raw: Socket | undefined;
  private failure: SessionError | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stage: Stage = 'connect';
  private unsolicited = 0;
  private goodbye: SmtpReply | undefined;
  private finished = false;
  /** The last complete reply, whether it was asked for or not. */
  lastReply: SmtpReply | undefined;
  /** Filled once TLS is up. */
  tls: TlsFacts | undefined;

  constructor(options: SessionOptions) {
    const { host, port, servername, secureContext } = options;
    const shown: { certificate?: DetailedPeerCertificate } = {};
    const socketOptions: SocketOptions = {
      host,
      port,
      secure: options.implicitTls,
      ...(servername === undefined ? {} : { servername }),
      secureContext,
      // The certificate is evidence to be judged by certificate.ts, not a reason to hang up.
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => {
        // Node hands the whole chain over (lib/_tls_wrap.js), although its types say otherwise.
        shown.certificate = certificate as DetailedPeerCertificate;
        return undefined;
      },
    };
    super(socketOptions);
    this.shown = shown;
    this.options = options;
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
    if (/[\r\n\0]/.test(line)) return Promise.reject(this.fail('bad-argument', 'a command must be one line'));
    return this.exchange(stage, `${line}\r\n`, line);
  }

  /** Sends bytes that are not a command line (message data) and waits for the reply; `shown` stands in the transcript. */
  exchange(stage: Stage, data: string, shown: string): Promise<SmtpReply> {
    this.enter(stage);
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.unsolicited = 0;
      this.waiters.push({ resolve, reject });
      this.options.transcript.client(shown);
      this._socket?.write(data);
    });
  }

  /** Upgrades to TLS after the peer has agreed to STARTTLS. */
  startTls(): Promise<void> {
    // RFC 3207 5: nothing may follow the reply in plain text; what is buffered here would be read as part of the TLS session.
    if (this.parser.pending || this.unsolicited > 0) {
      return Promise.reject(this.fail('starttls-injection', 'plain text followed the reply to STARTTLS', 'starttls'));
    }
    this.enter('tls');
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.waiters.push({ resolve: () => undefined, reject });
      this._negotiateTLSAsPromised({ secure: true }).then(
        () => {
          this.waiters.pop();
          resolve();
        },
        (error: Error) => this._onError(error),
      );
    });
  }

  /** Says RSET (to end a transaction) and QUIT, waits briefly, closes TLS and TCP in good order. Never rejects. */
  async farewell(options: { reset?: boolean } = {}): Promise<void> {
    try {
      if (options.reset === true) await this.command('quit', 'RSET');
      await this.command('quit', 'QUIT');
    } catch {
      // How a peer takes its leave says nothing about mail flow; the transcript has what happened.
      this.options.clock.mark('quit', 'ok');
    }
    this.finish();
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
    this.stage = stage;
    this.options.clock.enter(stage);
    clearTimeout(this.timer);
    const ms = Math.max(0, this.options.stageBudgetMs(stage));
    this.timer = setTimeout(() => this.fail('timeout', `no answer within ${Math.round(ms)} ms`), ms);
  }

  private fail(kind: SessionErrorKind, message: string, stage = this.stage, errno?: string): SessionError {
    if (this.failure !== undefined) return this.failure;
    const goodbye = kind === 'closed' || kind === 'socket' ? this.goodbye : undefined;
    const failure = new SessionError(kind, stage, message, { errno, goodbye });
    this.failure = failure;
    this.options.clock.settle('failed');
    this.options.transcript.event(message);
    this.release();
    this.destroySockets();
    for (const waiter of this.waiters.splice(0)) waiter.reject(failure);
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
      if (!upgrade) this.enter('banner');
    });
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
    this.tls = tlsFacts(socket, this.shown.certificate);
    const { protocol, cipher, trusted, trustError } = this.tls;
    this.options.transcript.event(
      `TLS ${protocol} ${cipher}, chain ${trusted ? 'trusted' : `not trusted: ${trustError}`}`,
    );
  }

  override _resolveCommand(waiter: ReplyWaiter): void {
    if (this.failure !== undefined) waiter.reject(this.failure);
    else this.waiters.push(waiter);
  }

  override _onReceive(chunk: string): void {
    if (this.failure !== undefined || this.finished) return;
    for (const event of this.parser.push(chunk)) {
      if (event.type === 'line') this.options.transcript.server(event.line);
      else if (event.type === 'oddity') this.options.onNote(`The server ${ODDITY_WORDS[event.oddity]}.`);
      else if (event.type === 'broken') this.onBroken(event.reason, event.detail);
      else this.onReply(event.reply);
    }
  }

  private onReply(reply: SmtpReply): void {
    this.lastReply = reply;
    const waiter = this.waiters.shift();
    if (waiter === undefined) {
      this.unsolicited += 1;
      if (reply.code === 421) this.goodbye = reply;
      else this.options.onNote('The server sends replies that nobody asked for.');
      return;
    }
    clearTimeout(this.timer);
    this.options.clock.settle('ok');
    waiter.resolve(reply);
  }

  private onBroken(reason: 'malformed-reply' | 'reply-too-long', detail: string): void {
    const afterStartTls = this.stage === 'starttls' && this.waiters.length === 0;
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
