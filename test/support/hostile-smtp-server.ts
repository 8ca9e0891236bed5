import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { Identity } from './certificates.ts';

/** What one connection does; the server closes nothing by itself. */
export type Script = (peer: ScriptedPeer) => void | Promise<void>;

export interface ScriptedServer {
  port: number;
  /** Connections accepted so far, and those still open. */
  readonly accepted: number;
  readonly open: number;
  /** Every line received, of all connections. */
  readonly received: string[];
  close(): Promise<void>;
}

/** One connection as a script drives it: bytes are sent exactly as given. */
export class ScriptedPeer {
  socket: net.Socket;
  private buffer = '';
  private readonly onLine: (line: string) => void;
  private waiting: ((line: string | undefined) => void) | undefined;
  private ended = false;

  constructor(socket: net.Socket, onLine: (line: string) => void) {
    this.socket = socket;
    this.onLine = onLine;
    this.listen(socket);
  }

  send(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes, 'latin1');
  }

  /** The next line without its line end; undefined once the client has gone. */
  async line(): Promise<string | undefined> {
    const end = this.buffer.indexOf('\n');
    if (end >= 0) {
      const line = this.buffer.slice(0, end).replace(/\r$/, '');
      this.buffer = this.buffer.slice(end + 1);
      this.onLine(line);
      return line;
    }
    if (this.ended) return undefined;
    await new Promise<void>((resolve) => {
      this.waiting = () => resolve();
    });
    return this.line();
  }

  /** Answers the client's handshake; throws when it fails. */
  async startTls(options: tls.TLSSocketOptions): Promise<void> {
    const raw = this.socket;
    raw.removeAllListeners('data');
    raw.pause();
    const secure = new tls.TLSSocket(raw, { isServer: true, ...options });
    this.socket = secure;
    this.listen(secure);
    raw.resume();
    await once(secure, 'secure');
  }

  /** FIN. */
  end(): void {
    this.socket.end();
  }

  /** RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private listen(socket: net.Socket): void {
    socket.setNoDelay(true);
    socket.on('error', () => this.finish());
    socket.on('close', () => this.finish());
    socket.on('end', () => this.finish());
    socket.on('data', (data: Buffer) => {
      this.buffer += data.toString('latin1');
      this.waiting?.(undefined);
    });
  }

  private finish(): void {
    this.ended = true;
    this.waiting?.(undefined);
  }
}

/** A raw TCP server that runs the script for each connection; on loopback, at a free port, unless told otherwise. */
export async function startScriptedServer(script: Script, host = '127.0.0.1', port = 0): Promise<ScriptedServer> {
  const sockets = new Set<net.Socket>();
  const received: string[] = [];
  let accepted = 0;
  const server = net.createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const peer = new ScriptedPeer(socket, (line) => received.push(line));
    // A script that fails (a handshake that was meant to) only ends its connection.
    Promise.resolve(script(peer)).catch(() => socket.destroy());
  });
  server.listen({ port, host, backlog: 2048 });
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    received,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface MailServerOptions {
  /** Sent as it is when it ends in LF. */
  banner?: string;
  /** Capabilities after the greeting line; STARTTLS is added when there is an identity. */
  capabilities?: string[];
  identity?: Identity;
  /** More settings of the server's TLS. */
  tls?: tls.TLSSocketOptions;
  implicitTls?: boolean;
  /** Reply by verb (`MAIL`, `RCPT`, `EHLO`, `end-of-data` …) instead of the usual one; without line end. */
  replies?: Record<string, string>;
  /** Called with each message that was taken. */
  onMessage?: (message: string) => void;
}

/** The script of a mail server that behaves, except for the replies that it is told to give. */
export function mailServer(options: MailServerOptions = {}): Script {
  const { identity, replies = {}, banner = '220 mx.contoso.example ESMTP' } = options;
  const tlsOptions = { ...identity, ...options.tls };
  return async (peer) => {
    let secure = false;
    if (options.implicitTls === true) {
      await peer.startTls(tlsOptions);
      secure = true;
    }
    peer.send(banner.endsWith('\n') ? banner : `${banner}\r\n`);
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
      const told = replies[verb];
      if (told !== undefined) peer.send(`${told}\r\n`);
      else if (verb === 'EHLO') peer.send(ehloReply(options, secure));
      else if (verb === 'STARTTLS') {
        peer.send('220 2.0.0 Ready to start TLS\r\n');
        await peer.startTls(tlsOptions);
        secure = true;
      } else if (verb === 'DATA') await takeData(peer, options);
      else if (verb === 'BDAT') await takeChunk(peer, line, options);
      else if (verb === 'QUIT') {
        peer.send('221 2.0.0 Bye\r\n');
        peer.end();
      } else peer.send('250 2.1.0 OK\r\n');
    }
  };
}

function ehloReply(
  { capabilities = ['SIZE 157286400', 'PIPELINING'], identity }: MailServerOptions,
  secure: boolean,
): string {
  const offered = identity !== undefined && !secure ? [...capabilities, 'STARTTLS'] : capabilities;
  const lines = ['mx.contoso.example greets you', ...offered];
  return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}\r\n`).join('');
}

async function takeData(peer: ScriptedPeer, { replies, onMessage }: MailServerOptions): Promise<void> {
  peer.send('354 End data with <CR><LF>.<CR><LF>\r\n');
  const lines: string[] = [];
  for (let line = await peer.line(); line !== undefined && line !== '.'; line = await peer.line()) {
    lines.push(line.startsWith('.') ? line.slice(1) : line);
  }
  onMessage?.(lines.map((line) => `${line}\r\n`).join(''));
  peer.send(`${replies?.['end-of-data'] ?? '250 2.6.0 Queued mail for delivery'}\r\n`);
}

async function takeChunk(
  peer: ScriptedPeer,
  command: string,
  { replies, onMessage }: MailServerOptions,
): Promise<void> {
  let left = Number(command.split(' ')[1]);
  let message = '';
  while (left > 0) {
    const line = await peer.line();
    if (line === undefined) return;
    message += `${line}\r\n`;
    left -= line.length + 2;
  }
  onMessage?.(message);
  peer.send(`${replies?.['end-of-data'] ?? '250 2.6.0 Queued mail for delivery'}\r\n`);
}
