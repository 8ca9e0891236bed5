import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import packet, { type Answer, type DecodedPacket } from 'dns-packet';

const RCODES = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

/** How an answer is given; all off by default. */
export interface Manner {
  /** Sets AD: the server has verified DNSSEC signatures. */
  secure?: boolean;
  /** Sets TC over UDP and leaves the records out, so that the asker comes back over TCP. */
  truncated?: boolean;
  delayMs?: number;
}

/**
 * What the server says to one question: records, a code, nothing at all, bytes that are no answer (`bytes` may be made from
 * the query, several datagrams too), or whatever a function does with a TCP connection.
 */
export type Say =
  | ({ answers: Answer[] } & Manner)
  | ({ rcode: keyof typeof RCODES; answers?: Answer[] } & Manner)
  | { silence: true }
  | { bytes: Buffer | ((query: Query) => Buffer[]) }
  | { stream: (socket: Socket, query: Query) => void };

/** A question as it came. */
export interface Query {
  via: 'udp' | 'tcp';
  /** The asker knows EDNS. */
  edns: boolean;
  /** The asker wants signatures checked (no CD bit). */
  checked: boolean;
  packet: DecodedPacket;
}

export type Speaker = (type: string, name: string, checked: boolean, query: Query) => Say;

/** A name server on loopback, UDP and TCP at one port, that says what it is told. `asked` counts questions, `tcp` those over TCP. */
export async function startDnsServer(say: Speaker) {
  const counts = { asked: 0, tcp: 0 };
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const answer = (message: Buffer, via: Query['via'], send: (bytes: Buffer) => void, socket?: Socket): void => {
    counts.asked += 1;
    if (via === 'tcp') counts.tcp += 1;
    const query = readQuery(message, via);
    const question = query.packet.questions?.[0];
    const said = say(question?.type ?? '', question?.name ?? '', query.checked, query);
    if ('silence' in said) return;
    if ('stream' in said) {
      if (socket !== undefined) said.stream(socket, query);
      return;
    }
    const deliver = (): void => {
      for (const bytes of bytesOf(said, query)) send(bytes);
    };
    const delayMs = 'bytes' in said ? 0 : (said.delayMs ?? 0);
    if (delayMs === 0) deliver();
    else timers.add(setTimeout(deliver, delayMs));
  };
  const { udp, tcp, port } = await listenBoth();
  udp.on('message', (message, peer) => answer(message, 'udp', (bytes) => udp.send(bytes, peer.port, peer.address)));
  tcp.on('connection', (socket) => {
    sockets.add(socket);
    let held: Buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return;
      answer(held.subarray(2, 2 + held.readUInt16BE(0)), 'tcp', (bytes) => socket.write(framed(bytes)), socket);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    get asked() {
      return counts.asked;
    },
    get tcp() {
      return counts.tcp;
    },
    /** TCP connections that are open now. */
    get connections() {
      return sockets.size;
    },
    async close(): Promise<void> {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => void udp.close(() => resolve())),
        new Promise<void>((resolve) => void tcp.close(() => resolve())),
      ]);
    },
  };
}

/** The message with its length before it, as it goes over TCP. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The bytes of a proper reply to the query, for a test to spoil. */
export function replyTo(query: Query, said: Extract<Say, { answers: Answer[] } | { rcode: string }>): Buffer {
  const cut = said.truncated === true && query.via === 'udp';
  const rcode = 'rcode' in said ? RCODES[said.rcode] : 0;
  const ad = said.secure === true ? packet.AUTHENTIC_DATA : 0;
  const tc = cut ? packet.TRUNCATED_RESPONSE : 0;
  return packet.encode({
    type: 'response',
    id: query.packet.id ?? 0,
    flags: packet.RECURSION_AVAILABLE | rcode | ad | tc,
    questions: query.packet.questions ?? [],
    answers: cut ? [] : (said.answers ?? []),
  });
}

function bytesOf(said: Exclude<Say, { silence: true } | { stream: unknown }>, query: Query): Buffer[] {
  if (!('bytes' in said)) return [replyTo(query, said)];
  return Buffer.isBuffer(said.bytes) ? [said.bytes] : said.bytes(query);
}

function readQuery(message: Buffer, via: Query['via']): Query {
  const decoded = packet.decode(message);
  return {
    via,
    edns: decoded.additionals?.some(({ type }) => type === 'OPT') ?? false,
    checked: ((decoded.flags ?? 0) & packet.CHECKING_DISABLED) === 0,
    packet: decoded,
  };
}

/** The port that TCP gets may be taken for UDP: then another is tried. */
async function listenBoth(): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  for (let tries = 0; ; tries += 1) {
    const tcp = createServer();
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket('udp4');
    try {
      udp.bind(port, '127.0.0.1');
      await once(udp, 'listening');
      return { udp, tcp, port };
    } catch (error) {
      tcp.close();
      udp.close();
      if (tries === 10) throw error;
    }
  }
}
