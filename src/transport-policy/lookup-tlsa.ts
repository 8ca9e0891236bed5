import type { DnsAnswer, DnsResolver, TlsaRecord } from '../dns/resolver.ts';
import { isAbsent, lookupFailure } from './dns-words.ts';
import { isUsable } from './tlsa-record.ts';

/** What a host publishes for DANE. */
export type TlsaLookup =
  /** Vouched for by DNSSEC; `usable` are those that SMTP clients go by. */
  | {
      state: 'records';
      records: TlsaRecord[];
      usable: TlsaRecord[];
      /** Where they stand when the host is an alias: a name that the certificate may carry too (RFC 7672 3.2.2). */
      base?: string;
    }
  | { state: 'none' }
  /** There are records, but the DNS does not vouch for them or for the host's addresses, so nobody may go by them. */
  | { state: 'insecure' }
  /**
   * `failure`: the host is secure but its TLSA records cannot be had, which proves nothing about there being none, so senders
   * that know DANE put the mail off (RFC 7672 2.1.2). Without it the addresses themselves could not be had.
   */
  | { state: 'unknown'; words: string; failure?: LookupFailure };

/** How a look-up failed, as a cause of DnsFailure. */
export type LookupFailure = 'servfail' | 'dnssec' | 'timeout' | 'lookup-failed';

/** Some name servers never answer questions for TLSA; where DNSSEC is out of the question nobody waits for them. */
const GRACE_MS = 500;
const MAX_ALIASES = 8;

/**
 * The TLSA records for a host and port (RFC 7672 2.2). They count only when the host's addresses are secure too (2.2.1). A
 * host that is an alias is first looked for under the name it leads to, then under its own (2.2.2). Whether the MX records
 * that named the host were secure is for the caller to know.
 */
export async function lookupTlsa(host: string, port: number, resolver: DnsResolver): Promise<TlsaLookup> {
  const [v4, v6] = await Promise.all([resolver.a(host), resolver.aaaa(host)]);
  const found = [v4, v6].filter((answer) => answer.status === 'ok');
  if (found.length === 0) {
    const failure = lookupFailure(`the address of ${host}`, isAbsent(v4) ? v6 : v4);
    return failure === undefined ? { state: 'none' } : { state: 'unknown', words: failure };
  }
  const secure = found.every((answer) => answer.secure === true);
  const names = secure ? [...(await aliasEnd(host, resolver)), host] : await ownNameOfAlias(host, resolver);
  if (names.length === 0) return insecure(host, port, resolver);
  for (const name of names) {
    const answer = await resolver.tlsa(tlsaOwner(name, port));
    const failure = lookupFailure(`the TLSA record ${tlsaOwner(name, port)}`, answer);
    if (failure !== undefined) return { state: 'unknown', words: failure, failure: causeOf(answer) };
    if (answer.status !== 'ok') continue;
    if (answer.secure !== true) return { state: 'insecure' };
    const { records } = answer;
    return { state: 'records', records, usable: records.filter(isUsable), ...(name === host ? {} : { base: name }) };
  }
  return { state: 'none' };
}

/** Where the aliases of a secure host lead; nothing for a host that is none, or whose aliases are not all secure. */
async function aliasEnd(host: string, resolver: DnsResolver): Promise<string[]> {
  let name = host;
  for (let hops = 0; hops < MAX_ALIASES; hops += 1) {
    const alias = await resolver.cname(name);
    const [next] = alias.records;
    if (next === undefined) return name === host ? [] : [name];
    if (alias.secure !== true) return [];
    name = next;
  }
  return [];
}

/** The alias may stand in a signed zone though what it leads to does not: then its own name counts (RFC 7672 2.2.2). */
async function ownNameOfAlias(host: string, resolver: DnsResolver): Promise<string[]> {
  const alias = await resolver.cname(host);
  return alias.status === 'ok' && alias.secure === true ? [host] : [];
}

/** No sender asks further (RFC 7672 2.2.1); records that are there all the same are worth knowing of. */
async function insecure(host: string, port: number, resolver: DnsResolver): Promise<TlsaLookup> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DnsAnswer<TlsaRecord>>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'timeout', records: [] }), GRACE_MS);
  });
  try {
    const answer = await Promise.race([resolver.tlsa(tlsaOwner(host, port)), late]);
    return { state: answer.status === 'ok' ? 'insecure' : 'none' };
  } finally {
    clearTimeout(timer);
  }
}

function causeOf({ status }: DnsAnswer<TlsaRecord>): LookupFailure {
  return status === 'servfail' || status === 'dnssec' || status === 'timeout' ? status : 'lookup-failed';
}

/** Where TLSA records of a service over TCP live (RFC 6698 3). */
function tlsaOwner(host: string, port: number): string {
  return `_${port}._tcp.${host}`;
}
