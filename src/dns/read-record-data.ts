import ipaddr from 'ipaddr.js';
import type { DnsRecord, RecordType } from './question.ts';
import { readName } from './read-name.ts';

type Data = DnsRecord['data'];

/** Reads the data between `start` and `end` of the message; undefined when it is none of its type. */
type DataReader = (message: Buffer, start: number, end: number) => Data | undefined;

const READERS: Readonly<Record<RecordType, DataReader>> = {
  A: (message, start, end) => readAddress(message.subarray(start, end), 4),
  AAAA: (message, start, end) => readAddress(message.subarray(start, end), 16),
  CNAME: readHost,
  PTR: readHost,
  MX: (message, start, end) => {
    const host = start + 2 < end ? readHost(message, start + 2, end) : undefined;
    return host === undefined ? undefined : { host, preference: message.readUInt16BE(start) };
  },
  TXT: readStrings,
  TLSA: (message, start, end) => {
    if (start + 3 > end) return undefined;
    const [usage = 0, selector = 0, matchingType = 0] = message.subarray(start, start + 3);
    return { usage, selector, matchingType, data: message.toString('hex', start + 3, end) };
  },
};

/** The data of a record whose length is known to lie inside the message. Names in it may be compressed. */
export function readRecordData(type: RecordType, message: Buffer, start: number, end: number): Data | undefined {
  return READERS[type](message, start, end);
}

function readAddress(bytes: Buffer, length: 4 | 16): string | undefined {
  return bytes.length === length ? ipaddr.fromByteArray([...bytes]).toString() : undefined;
}

function readHost(message: Buffer, start: number, end: number): string | undefined {
  const read = readName(message, start);
  return read?.end === end ? read.name : undefined;
}

/** Character strings (RFC 1035 3.3.14), each with its length before it. */
function readStrings(message: Buffer, start: number, end: number): string | undefined {
  const parts: Buffer[] = [];
  let at = start;
  while (at < end) {
    const next = at + 1 + (message[at] ?? 0);
    if (next > end) return undefined;
    parts.push(message.subarray(at + 1, next));
    at = next;
  }
  return Buffer.concat(parts).toString('utf8');
}
