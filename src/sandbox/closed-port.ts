import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A loopback port on which nobody listens. */
export interface ClosedPort {
  port: number;
  release(): Promise<void>;
}

/**
 * Holds the port as the near end of a connection of our own: the kernel then gives it to nobody else, and connecting to
 * it is refused. A port that was merely free a moment ago might belong to another program by the time it is dialled.
 */
export async function holdClosedPort(): Promise<ClosedPort> {
  const server = createServer();
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(near, 'connect');
  const [far] = await accepted;
  server.close();
  for (const socket of [near, far]) socket.on('error', () => socket.destroy());

  return {
    port: near.localPort ?? 0,
    async release() {
      const closed = [near, far].map((socket) => (socket.closed ? undefined : once(socket, 'close')));
      near.destroy();
      far.destroy();
      await Promise.all(closed);
    },
  };
}
