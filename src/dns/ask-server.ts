import { randomInt } from 'node:crypto';
import { AUTHENTIC_DATA, CHECKING_DISABLED, DNSSEC_OK, encode, type OptAnswer, RECURSION_DESIRED } from 'dns-packet';
import { type Exchange, exchangeTcp, exchangeUdp, type Judgement, type NoReply } from './exchange.ts';
import { type DnsQuestion, TYPE_NUMBERS } from './question.ts';
import { type DnsMessage, readMessage } from './read-message.ts';
import type { ServerAddress } from './server-address.ts';

/** Response codes (IANA, DNS RCODEs). */
export const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;

/** The size that survives every network (DNS flag day 2020). */
const UDP_BYTES = 1232;

/** How patiently one server is asked. */
export interface AskOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Set CD: give the answer even when its signatures do not verify (RFC 4035 3.2.2). */
  unchecked?: boolean;
  /** Runs one exchange, so that its caller can bound how many sockets are open. */
  run: (exchange: () => Promise<DnsMessage | NoReply>) => Promise<DnsMessage | NoReply>;
}

/**
 * One question to one server: over UDP with EDNS, once more without EDNS for a server that does not know it (RFC 6891 7),
 * over TCP when the answer is too long. Each of these may take `timeoutMs`. Rejects only when aborted.
 */
export async function askServer(
  server: ServerAddress,
  question: DnsQuestion,
  options: AskOptions,
): Promise<DnsMessage | NoReply> {
  let edns = true;
  let reply = await exchange('udp', server, question, edns, options);
  if (typeof reply === 'object' && rejectsEdns(reply)) {
    edns = false;
    reply = await exchange('udp', server, question, edns, options);
  }
  if (typeof reply === 'object' && reply.truncated) reply = await exchange('tcp', server, question, edns, options);
  return typeof reply === 'object' && reply.truncated ? 'invalid' : reply;
}

function exchange(
  transport: 'udp' | 'tcp',
  server: ServerAddress,
  question: DnsQuestion,
  edns: boolean,
  { timeoutMs, signal, run, unchecked = false }: AskOptions,
): Promise<DnsMessage | NoReply> {
  const id = randomInt(0, 65_536);
  const one: Exchange = {
    server,
    query: encodeQuery(id, question, edns, unchecked),
    judge: (bytes) => judgeReply(bytes, id, question),
    timeoutMs,
    signal,
  };
  return run(() => (transport === 'udp' ? exchangeUdp(one) : exchangeTcp(one)));
}

function encodeQuery(id: number, { name, type }: DnsQuestion, edns: boolean, unchecked: boolean): Buffer {
  // AD in a question asks for it in the answer (RFC 6840 5.7). Some servers only say it to those who set DO, as MTAs that
  // know DANE do; so both, or a domain would look less secure here than it does to them.
  const flags = RECURSION_DESIRED | AUTHENTIC_DATA | (unchecked ? CHECKING_DISABLED : 0);
  const additionals = edns ? [ednsRecord()] : [];
  return encode({ type: 'query', id, flags, questions: [{ name, type }], additionals });
}

/** RFC 6891 6.1.2. */
function ednsRecord(): OptAnswer {
  const flags = { flags: DNSSEC_OK, flag_do: true };
  return { type: 'OPT', name: '.', udpPayloadSize: UDP_BYTES, extendedRcode: 0, ednsVersion: 0, ...flags, options: [] };
}

/** The reply must carry the id and repeat the question; servers that could not read the question do not repeat it. */
function judgeReply(bytes: Buffer, id: number, question: DnsQuestion): Judgement {
  const message = readMessage(bytes);
  if (message === undefined) return 'unreadable';
  if (!message.response || message.id !== id) return 'foreign';
  const asked = message.question;
  if (asked === undefined) {
    const definite = message.rcode === RCODES.NOERROR || message.rcode === RCODES.NXDOMAIN;
    return definite ? 'foreign' : { ...message, answers: [] };
  }
  const same =
    asked.name === question.name.toLowerCase() && asked.type === TYPE_NUMBERS[question.type] && asked.class === 1;
  return same ? message : 'foreign';
}

function rejectsEdns({ rcode }: DnsMessage): boolean {
  return rcode === RCODES.FORMERR || rcode === RCODES.NOTIMP || rcode === RCODES.BADVERS;
}
