import {
  AUTHENTIC_DATA,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { isSigned, lookUp, type Zone } from './zone.ts';

/** Answer sizes over UDP: RFC 1035 section 4.2.1 without EDNS, and the size resolvers agreed on for DNS flag day 2020. */
const PLAIN_UDP_BYTES = 512;
const EDNS_UDP_BYTES = 1232;
const TCP_BYTES = 65_535;

const HEADER_BYTES = 12;
const MAX_QUERY_BYTES = 1232;
const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

/**
 * The answer to one DNS message, or undefined when none is due: a response (answering it could make two servers talk
 * forever), less than a header, or a name that is scripted to stay silent. Never throws, whatever the bytes are.
 */
export function answerQuery(query: Buffer, zone: Zone, transport: 'udp' | 'tcp'): Buffer | undefined {
  if (query.length < HEADER_BYTES || ((query[2] ?? 0) & 0x80) !== 0) return undefined;
  if (query.length > MAX_QUERY_BYTES || query.readUInt16BE(4) !== 1) return bareReply(query, 'FORMERR');
  if ((((query[2] ?? 0) >> 3) & 0x0f) !== 0) return bareReply(query, 'NOTIMP');
  try {
    return answerDecoded(decode(query), zone, transport);
  } catch {
    // dns-packet throws for whatever it cannot read: overlong names, pointers to nowhere, counts that lie.
    return bareReply(query, 'FORMERR');
  }
}

function answerDecoded(query: DecodedPacket, zone: Zone, transport: 'udp' | 'tcp'): Buffer | undefined {
  const question = query.questions?.[0];
  if (question === undefined) return undefined;
  const found = lookUp(zone, question.name, question.type);
  if (found.rcode === 'silent') return undefined;
  const opt = query.additionals?.find((record) => record.type === 'OPT');
  const verified = isSigned(zone, question.name) ? AUTHENTIC_DATA : 0;
  const flags = AUTHORITATIVE_ANSWER | verified | (query.flag_rd ? RECURSION_DESIRED : 0) | RCODES[found.rcode];
  const packet = {
    type: 'response' as const,
    ...(query.id === undefined ? {} : { id: query.id }),
    flags,
    questions: [question],
    // The answer repeats the name as it was asked: resolvers compare its letter case.
    answers: found.answers.map((record, index) => (index === 0 ? { ...record, name: question.name } : record)),
    authorities: found.authorities,
  };
  const whole = encode(packet);
  const asked = opt?.type === 'OPT' ? Math.min(opt.udpPayloadSize, EDNS_UDP_BYTES) : 0;
  const room = transport === 'tcp' ? TCP_BYTES : Math.max(PLAIN_UDP_BYTES, asked);
  if (whole.length <= room) return whole;
  return encode({ ...packet, flags: flags | TRUNCATED_RESPONSE, answers: [], authorities: [] });
}

/** Only a header: the id and opcode of the query and what is wrong with it. */
function bareReply(query: Buffer, rcode: keyof typeof RCODES): Buffer {
  const reply = Buffer.alloc(HEADER_BYTES);
  query.copy(reply, 0, 0, 2);
  reply[2] = 0x80 | ((query[2] ?? 0) & 0x79);
  reply[3] = RCODES[rcode];
  return reply;
}
