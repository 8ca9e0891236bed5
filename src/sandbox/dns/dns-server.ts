import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { errnoOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { answerQuery } from './answer-query.ts';
import type { Zone } from './zone.ts';

const MAX_TCP_CONNECTIONS = 64;
const TCP_IDLE_MS = 10_000;
const MAX_TCP_BUFFER = 16_384;
const PORT_TRIES = 10;

export interface DnsServer {
  port: number;
  stop(): Promise<void>;
}

/** Serves the zone on 127.0.0.1 over UDP and TCP, both at the same port. */
export async function startDnsServer(zone: Zone, logger: Logger): Promise<DnsServer> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = await listenTcp(zone);
    try {
      const udp = await listenUdp(zone, tcp.port, logger);
      return { port: tcp.port, stop: async () => void (await Promise.all([tcp.stop(), stopUdp(udp)])) };
    } catch (error) {
      // The port that TCP got may be taken for UDP: take another one.
      await tcp.stop();
      if (errnoOf(error) !== 'EADDRINUSE' || attempt === PORT_TRIES) throw error;
    }
  }
}

async function listenUdp(zone: Zone, port: number, logger: Logger): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const answer = answerQuery(query, zone, 'udp');
    // A send can fail for a peer that is gone (ICMP); there is nobody left to tell.
    if (answer !== undefined && peer.port > 0) {
      socket.send(answer, peer.port, peer.address, (error) => {
        if (error) logger.debug({ err: error }, 'sandbox DNS answer not sent');
      });
    }
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening').catch((error: unknown) => {
    socket.close();
    throw error;
  });
  socket.on('error', (error) => logger.warn({ err: error }, 'sandbox DNS socket failed'));
  return socket;
}

async function stopUdp(socket: UdpSocket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

async function listenTcp(zone: Zone): Promise<DnsServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveTcp(socket, zone);
  });
  server.maxConnections = MAX_TCP_CONNECTIONS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Messages over TCP come with their length in two bytes (RFC 1035 section 4.2.2), several one after the other. */
function serveTcp(socket: Socket, zone: Zone): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const answer = answerQuery(pending.subarray(2, end), zone, 'tcp');
      pending = pending.subarray(end);
      if (answer !== undefined) socket.write(withLength(answer));
    }
    if (pending.length > MAX_TCP_BUFFER || socket.writableLength > MAX_TCP_BUFFER) socket.destroy();
  });
}

function withLength(message: Buffer): Buffer {
  const framed = Buffer.alloc(2 + message.length);
  framed.writeUInt16BE(message.length);
  message.copy(framed, 2);
  return framed;
}
