import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Logger } from '../../log.ts';
import { startSession } from './session.ts';
import type { ServerRole } from './state.ts';

/** Connections beyond the limit that still get a polite refusal; the rest is dropped by Node. */
const TURNED_AWAY_POLITELY = 20;

/** A scripted SMTP server on 127.0.0.1. */
export interface SmtpServer {
  /** The port that begins in clear. */
  port: number;
  /** The port with TLS from the first byte; the same as `port` where the server has no TLS. */
  implicitTlsPort: number;
  stop(): Promise<void>;
}

export async function startSmtpServer(
  role: ServerRole,
  secureContext: SecureContext | undefined,
  logger: Logger,
): Promise<SmtpServer> {
  const connections = new Map<Socket, () => void>();

  function listener(implicitTls: boolean) {
    return (socket: Socket) => {
      if (connections.size >= role.limits.connections) return turnAway(socket);
      const session = startSession(socket, { role, secureContext, implicitTls, logger });
      connections.set(socket, session.destroy);
      socket.once('close', () => connections.delete(socket));
    };
  }

  const servers = secureContext === undefined ? [false] : [false, true];
  const listening = await Promise.all(
    servers.map((implicitTls) => listen(listener(implicitTls), role.limits.connections + TURNED_AWAY_POLITELY)),
  );
  const ports = listening.map((server) => (server.address() as AddressInfo).port);
  const port = ports[0] ?? 0;
  return {
    port,
    implicitTlsPort: ports[1] ?? port,
    async stop() {
      const closed = listening.map((server) => once(server, 'close'));
      for (const server of listening) server.close();
      for (const destroy of connections.values()) destroy();
      await Promise.all(closed);
    },
  };
}

async function listen(onConnection: (socket: Socket) => void, maxConnections: number): Promise<Server> {
  const server = createServer(onConnection);
  server.maxConnections = maxConnections;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function turnAway(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.end('421 4.3.2 The maximum number of concurrent server connections has exceeded a limit\r\n', () =>
    socket.destroy(),
  );
}
