import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';

/** A bare SMTP client: what is sent is exactly what goes out, and every line that comes back is kept. */
export class RawClient {
  socket: Socket | TLSSocket;
  #text = '';
  #error: Error | undefined;
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#wake();
    });
    socket.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
  }

  /** The next whole reply, its lines joined by LF. Rejects when the connection ends first. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\r\n)*\d{3} [^\n]*\r\n/.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].trimEnd().replaceAll('\r\n', '\n');
      }
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) throw new Error(`connection ended${this.#text === '' ? '' : ` after ${this.#text}`}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends as it is. */
  write(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** Sends a line and gives the reply. */
  async ask(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Waits until the other side has closed; gives what was not read yet. */
  async ended(): Promise<string> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#text;
  }

  /** What came in and was not read. */
  get unread(): string {
    return this.#text;
  }

  /** EHLO, STARTTLS and the handshake; gives the TLS socket. */
  async startTls(options: ConnectionOptions): Promise<TLSSocket> {
    await this.ask('EHLO probe.example');
    const ready = await this.ask('STARTTLS');
    if (!ready.startsWith('220')) throw new Error(ready);
    return this.secure(options);
  }

  /** The handshake alone. */
  async secure(options: ConnectionOptions): Promise<TLSSocket> {
    this.socket.removeAllListeners('data');
    const secured = tlsConnect({ ...options, socket: this.socket });
    await new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('error', reject);
      secured.once('close', () => reject(new Error('closed during the handshake')));
    });
    this.socket = secured;
    this.#listen(secured);
    return secured;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Connects; rejects with the system's error when nobody listens. */
export async function openClient(place: { host: string; port: number }): Promise<RawClient> {
  const socket = connect(place);
  const client = new RawClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return client;
}
