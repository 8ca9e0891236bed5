/**
 * DNS as the cores see it. An answer is data: a lookup never throws for what the DNS said, only for a bug or an abort.
 */
export interface DnsResolver {
  /** MX records, sorted by preference. */
  mx(name: string, signal?: AbortSignal): Promise<DnsAnswer<MxRecord>>;
  a(name: string, signal?: AbortSignal): Promise<DnsAnswer<string>>;
  aaaa(name: string, signal?: AbortSignal): Promise<DnsAnswer<string>>;
  cname(name: string, signal?: AbortSignal): Promise<DnsAnswer<string>>;
  txt(name: string, signal?: AbortSignal): Promise<DnsAnswer<string>>;
  /** PTR names of an address. */
  ptr(ip: string, signal?: AbortSignal): Promise<DnsAnswer<string>>;
  /** Which server was asked, for evidence: `192.0.2.53` or `system resolver`. */
  readonly server: string;
}

export interface MxRecord {
  /** Without the trailing dot; empty for a null MX (RFC 7505). */
  host: string;
  preference: number;
}

/**
 * `nodata`: the name exists but has no such record. `dnssec`: the server has the answer but withholds it, because its
 * signatures do not verify.
 */
export type DnsAnswer<T> =
  | { status: 'ok'; records: T[] }
  | { status: 'nxdomain' | 'nodata' | 'servfail' | 'dnssec' | 'timeout' | 'refused' | 'invalid'; records: [] };
