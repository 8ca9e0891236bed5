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
  /** TLSA records of a full name such as `_25._tcp.mx1.contoso.example` (RFC 6698 2.1). */
  tlsa(name: string, signal?: AbortSignal): Promise<DnsAnswer<TlsaRecord>>;
  /** Which server was asked, for evidence: `192.0.2.53` or `system resolver`. */
  readonly server: string;
}

/** One MX record (RFC 5321 5.1). */
export interface MxRecord {
  /** Without the trailing dot; empty for a null MX (RFC 7505). */
  host: string;
  preference: number;
}

/** One TLSA record (RFC 6698 2.1), numbers as they stand in the zone. */
export interface TlsaRecord {
  usage: number;
  selector: number;
  matchingType: number;
  /** Certificate association data in lower-case hex. */
  data: string;
}

/**
 * `secure`: the resolver vouches for the answer, or for there being none, with DNSSEC (the AD bit, RFC 4035 3.2.3); false
 * when it does not, missing where it was not asked.
 *
 * `nodata`: the name exists but has no such record. `dnssec`: the server has the answer but withholds it, because its
 * signatures do not verify.
 */
export type DnsAnswer<T> =
  | { status: 'ok'; records: T[]; secure?: boolean }
  | {
      status: 'nxdomain' | 'nodata' | 'servfail' | 'dnssec' | 'timeout' | 'refused' | 'invalid';
      records: [];
      secure?: boolean;
    };
