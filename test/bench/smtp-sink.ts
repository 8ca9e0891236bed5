import { constants } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { Identity } from '../support/certificates.ts';

export interface SinkOptions {
  /** Keeps back the answer to EHLO inside TLS until so many clients wait for it; then all are answered at once. */
  holdUntil?: number;
  /** Called when the last of them has come; the answers go out when it has returned. */
  onAllHeld?: () => Promise<void>;
}

/**
 * The least SMTP server that offers STARTTLS: one context for all connections, one line at a time. It gives no session
 * tickets: they cost it time, and no client may save its handshake.
 */
export async function startSmtpSink(
  identity: Identity,
  { holdUntil = 0, onAllHeld }: SinkOptions = {},
): Promise<{ port: number; close(): void }> {
  const secureContext = tls.createSecureContext({ ...identity, secureOptions: constants.SSL_OP_NO_TICKET });
  let held: (() => void)[] = [];

  function answerLater(answer: () => void): void {
    held.push(answer);
    if (held.length < holdUntil) return;
    const answers = held;
    held = [];
    void (onAllHeld?.() ?? Promise.resolve()).then(() => {
      for (const one of answers) one();
    });
  }

  function converse(socket: net.Socket, secure: boolean): void {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const onData = (data: Buffer): void => {
      const verb = data.toString('latin1', 0, 4).toUpperCase();
      if (verb === 'EHLO') {
        const answer = (): void =>
          void socket.write(`250-sink.contoso.example\r\n${secure ? '' : '250-STARTTLS\r\n'}250 SIZE\r\n`);
        if (secure && holdUntil > 0) answerLater(answer);
        else answer();
      } else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else if (verb === 'STAR') {
        socket.off('data', onData);
        socket.write('220 2.0.0 Ready\r\n');
        converse(new tls.TLSSocket(socket, { isServer: true, secureContext }), true);
      } else socket.write('250 2.0.0 OK\r\n');
    };
    socket.on('data', onData);
  }

  const server = net.createServer((socket) => {
    socket.write('220 sink.contoso.example ESMTP\r\n');
    converse(socket, false);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, close: () => void server.close() };
}
