import { type DnsRecord, type RecordType, TYPE_NUMBERS } from './question.ts';
import { readName } from './read-name.ts';
import { readRecordData } from './read-record-data.ts';

/** What of a message matters to the one who asked (RFC 1035 4.1). */
export interface DnsMessage {
  id: number;
  response: boolean;
  /** With the upper bits that EDNS adds (RFC 6891 6.1.3). */
  rcode: number;
  truncated: boolean;
  /** The AD bit: the server has verified the signatures of everything in the answer (RFC 4035 3.2.3). */
  authentic: boolean;
  /** Name in lower case; missing when the message asks nothing, or not one thing. */
  question: { name: string; type: number; class: number } | undefined;
  /** Those of a known type and of class IN. */
  answers: DnsRecord[];
  /** Records of these types whose data is none. */
  malformed: number;
}

const HEADER_BYTES = 12;
/** Records that are looked at; no honest answer has as many, and each may cost a name of 127 labels. */
const MAX_RECORDS = 500;
const CLASS_IN = 1;
const OPT = 41;
const TYPES = new Map(Object.entries(TYPE_NUMBERS).map(([type, number]) => [number, type as RecordType]));

/**
 * Reads a message; undefined for bytes that are none. Written by hand because dns-packet's reader goes on behind the end of
 * a message that lies about its counts (43 bytes can become 196,605 records) and gives up on answers that are fine when
 * a record beside them is not. This one does work linear in the bytes and never throws.
 */
export function readMessage(bytes: Buffer): DnsMessage | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const flags = bytes.readUInt16BE(2);
  const message: DnsMessage = {
    id: bytes.readUInt16BE(0),
    response: (flags & 0x8000) !== 0,
    rcode: flags & 0x0f,
    truncated: (flags & 0x0200) !== 0,
    authentic: (flags & 0x0020) !== 0,
    question: undefined,
    answers: [],
    malformed: 0,
  };
  // Nobody asks several questions at once (RFC 9619); without one there is nothing to answer.
  if (bytes.readUInt16BE(4) !== 1) return message;
  const name = readName(bytes, HEADER_BYTES);
  if (name === undefined || name.end + 4 > bytes.length) return undefined;
  const [type, klass] = [bytes.readUInt16BE(name.end), bytes.readUInt16BE(name.end + 2)];
  message.question = { name: name.name.toLowerCase(), type, class: klass };
  const keep = (record: RawRecord): void => keepAnswer(message, bytes, record);
  const at = readSection(bytes, name.end + 4, bytes.readUInt16BE(6), keep);
  // A truncated message is not used but for its being truncated.
  if (at === undefined) return message.truncated ? { ...message, answers: [] } : undefined;
  const rest = bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
  readSection(bytes, at, rest, ({ type, ttl }) => {
    // The TTL of the OPT record holds the upper bits of the code.
    if (type === OPT) message.rcode |= (ttl >>> 24) << 4;
  });
  return message;
}

interface RawRecord {
  name: string;
  type: number;
  class: number;
  ttl: number;
  start: number;
  end: number;
}

/** Hands over `count` records from `offset` on, 500 at most; the offset behind them, or undefined when some are missing. */
function readSection(
  bytes: Buffer,
  offset: number,
  count: number,
  take: (record: RawRecord) => void,
): number | undefined {
  let at = offset;
  for (let index = 0; index < Math.min(count, MAX_RECORDS); index += 1) {
    const name = readName(bytes, at);
    if (name === undefined || name.end + 10 > bytes.length) return undefined;
    const start = name.end + 10;
    const end = start + bytes.readUInt16BE(name.end + 8);
    if (end > bytes.length) return undefined;
    const [type, klass] = [bytes.readUInt16BE(name.end), bytes.readUInt16BE(name.end + 2)];
    take({ name: name.name.toLowerCase(), type, class: klass, ttl: bytes.readUInt32BE(name.end + 4), start, end });
    at = end;
  }
  return at;
}

function keepAnswer(message: DnsMessage, bytes: Buffer, raw: RawRecord): void {
  const type = TYPES.get(raw.type);
  if (type === undefined || raw.class !== CLASS_IN) return;
  const data = readRecordData(type, bytes, raw.start, raw.end);
  if (data === undefined) message.malformed += 1;
  else message.answers.push({ name: raw.name, type, data });
}
