import type { MxRecord, TlsaRecord } from './resolver.ts';

/** What each record type that is asked for carries. */
export interface RecordData {
  A: string;
  AAAA: string;
  CNAME: string;
  MX: MxRecord;
  PTR: string;
  /** The strings of one record put together (RFC 7208 3.3, RFC 6376 3.6.2.2). */
  TXT: string;
  TLSA: TlsaRecord;
}

/** The record types that are asked for. */
export type RecordType = keyof RecordData;

/** Type numbers (IANA, DNS resource record types). */
export const TYPE_NUMBERS: Readonly<Record<RecordType, number>> = {
  A: 1,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  TLSA: 52,
};

/** One question of class IN. `name` in ASCII, without the dot of the root. */
export interface DnsQuestion<K extends RecordType = RecordType> {
  name: string;
  type: K;
}

/** One record of an answer; `name` in lower case. */
export interface DnsRecord<K extends RecordType = RecordType> {
  name: string;
  type: K;
  data: RecordData[K];
}
