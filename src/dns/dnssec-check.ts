import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { CHECKING_DISABLED, decode, encode, RECURSION_DESIRED } from 'dns-packet';

export interface DnsQuestion {
  name: string;
  type: 'MX' | 'A' | 'AAAA';
}

const NOERROR = 0;
const SERVFAIL = 2;
const NXDOMAIN = 3;

/**
 * Did the server say SERVFAIL because the zone's signatures are broken? Then it answers as soon as it is told not to check
 * them (CD, RFC 4035 3.2.2), which is what `dig +cd` shows, and still fails when it may. `server`: `addr[:port]` or
 * `[v6]:port`. Silence within `timeoutMs` is a no.
 */
export async function isDnssecFailure(server: string, question: DnsQuestion, timeoutMs: number): Promise<boolean> {
  const address = parseServer(server);
  const [unchecked, checked] = await Promise.all([
    askRcode(address, question, RECURSION_DESIRED | CHECKING_DISABLED, timeoutMs),
    askRcode(address, question, RECURSION_DESIRED, timeoutMs),
  ]);
  return checked === SERVFAIL && (unchecked === NOERROR || unchecked === NXDOMAIN);
}

interface ServerAddress {
  address: string;
  port: number;
}

/** The form that node:dns keeps its servers in. */
function parseServer(server: string): ServerAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(server);
  return { address: match?.[1] ?? match?.[2] ?? server, port: Number(match?.[3] ?? 53) };
}

/** The response code to one question over UDP; undefined when none comes. */
function askRcode(
  { address, port }: ServerAddress,
  { name, type }: DnsQuestion,
  flags: number,
  timeoutMs: number,
): Promise<number | undefined> {
  const id = randomInt(1, 65_536);
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    let open = true;
    const finish = (rcode: number | undefined): void => {
      clearTimeout(timer);
      if (open) socket.close();
      open = false;
      resolve(rcode);
    };
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    // It may come more than once, and unheard it would end the process.
    socket.on('error', () => finish(undefined));
    socket.on('message', (bytes) => {
      const rcode = readRcode(bytes, id);
      if (rcode !== undefined) finish(rcode);
    });
    // Connected, so that the kernel drops what comes from anybody else.
    socket.connect(port, address, () => socket.send(encode({ type: 'query', id, flags, questions: [{ name, type }] })));
  });
}

function readRcode(bytes: Buffer, id: number): number | undefined {
  try {
    const answer = decode(bytes);
    return answer.type === 'response' && answer.id === id ? (answer.flags ?? 0) & 0x0f : undefined;
  } catch {
    // dns-packet throws for whatever it cannot read; that is no answer.
    return undefined;
  }
}
