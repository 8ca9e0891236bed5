import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

/** Slack's side of Socket Mode: greets, sends envelopes, collects acknowledgements. */
export interface SlackSockets {
  /** Handles the upgrade requests of the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The address that apps.connections.open hands out: good once. */
  address(origin: string): string;
  /** Resolves with the nth connection (from 1) after its hello. */
  connection(number: number): Promise<SlackSocket>;
  /** So many of the next connections are broken off before they are open. */
  refuse: number;
  close(): void;
}

export interface SlackSocket {
  /** Sends an envelope and resolves with the payload of its acknowledgement. */
  deliver(type: 'slash_commands' | 'interactive' | 'events_api', payload: object): Promise<Record<string, unknown>>;
  /** Sends a frame as it is. */
  raw(frame: string | Buffer): void;
  /** Slack asks to reconnect, as it does every few hours. */
  disconnect(): void;
  /** The connection breaks. */
  cut(): void;
}

/** Starts with no connections. */
export function createSlackSockets(): SlackSockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: SlackSocket[] = [];
  const waiting: { number: number; resolve: (socket: SlackSocket) => void }[] = [];

  function accept(socket: WebSocket): void {
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
    open.push(wrap(socket));
    for (const { number, resolve } of waiting) {
      const found = open[number - 1];
      if (found !== undefined) resolve(found);
    }
  }

  const sockets: SlackSockets = {
    refuse: 0,
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket) || sockets.refuse > 0) {
        sockets.refuse -= 1;
        return void socket.destroy();
      }
      server.handleUpgrade(request, socket, head, accept);
    },
    address(origin) {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${origin}/link?ticket=${ticket}`;
    },
    connection: (number) =>
      new Promise((resolve) => {
        const found = open[number - 1];
        if (found === undefined) waiting.push({ number, resolve });
        else resolve(found);
      }),
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
  return sockets;
}

function wrap(socket: WebSocket): SlackSocket {
  const acknowledged = new Map<string, (payload: Record<string, unknown>) => void>();
  socket.on('message', (data: RawData) => {
    const frame = JSON.parse(data.toString()) as { envelope_id: string; payload?: Record<string, unknown> };
    acknowledged.get(frame.envelope_id)?.(frame.payload ?? {});
  });
  return {
    deliver(type, payload) {
      const envelope_id = randomUUID();
      const acknowledgement = new Promise<Record<string, unknown>>((resolve) => acknowledged.set(envelope_id, resolve));
      socket.send(JSON.stringify({ envelope_id, type, payload, accepts_response_payload: true }));
      return acknowledgement;
    },
    raw: (frame) => socket.send(frame),
    disconnect: () => socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' })),
    cut: () => socket.terminate(),
  };
}
