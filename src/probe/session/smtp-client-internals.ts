import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { SMTPClientOptions } from 'smtp-client';
import type { SmtpReply } from './smtp-reply.ts';

/** Options that smtp-client hands through to net.connect and tls.connect. */
export interface SocketOptions extends SMTPClientOptions, Omit<ConnectionOptions, 'host' | 'port'> {
  secure?: boolean;
}

/** What smtp-client waits with: called once with the reply, or with why there is none. */
export interface ReplyWaiter {
  resolve: (reply: SmtpReply) => void;
  reject: (error: Error) => void;
}

// The members of smtp-client 0.4.0 (and its base, smtp-channel) that SmtpSession overrides or calls; its own types leave
// them out. The version is pinned exactly because of them.
declare module 'smtp-client' {
  interface SMTPClient {
    _socket: Socket | TLSSocket | null;
    _createSocket(options: SocketOptions, onConnect: () => void): Socket | TLSSocket;
    /** Connects; settles through `_resolveCommand` with the banner. */
    _connectAsPromised(options: { handler: null }): Promise<SmtpReply>;
    /** Wraps the socket in TLS; resolves at secureConnect. */
    _negotiateTLSAsPromised(options: SocketOptions): Promise<void>;
    _resolveCommand(waiter: ReplyWaiter): void;
    _onReceive(chunk: string): void;
    _onError(error: Error): void;
    _onEnd(): void;
    _onClose(): void;
    _onTimeout(): void;
    write(data: string): Promise<unknown>;
    negotiateTLS(): Promise<unknown>;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
