import type { Answer } from 'dns-packet';
import type { TlsaRecord } from '../../src/dns/resolver.ts';
import { reverseName } from '../../src/dns/reverse-name.ts';
import { type Manner, type Say, startDnsServer } from './dns-server.ts';

/** What there is at one name. A fault stands for every type, or for the types that `faults` names. */
export interface ZoneEntry extends Manner {
  a?: string[];
  aaaa?: string[];
  /** Preference and host, `.` for a null MX. */
  mx?: [preference: number, host: string][];
  txt?: string[];
  ptr?: string[];
  cname?: string;
  tlsa?: TlsaRecord[];
  fault?: Fault;
  faults?: Partial<Record<string, Fault>>;
}

/** `bogus`: SERVFAIL until asked not to check signatures (CD). */
export type Fault = 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'FORMERR' | 'silence' | 'bogus' | 'garbage';

/** Names in lower case without the last dot. What is not named does not exist; addresses may stand for their PTR names. */
export type DnsZone = Record<string, ZoneEntry>;

/**
 * A name server on loopback over a zone that may be changed while it runs. It follows aliases as a recursive server does,
 * and says that an answer is `secure` (AD) when every name on the way is.
 *
 * @example
 * const dns = await startDnsZone({
 *   'contoso.example': { mx: [[10, 'mx1.contoso.example']], secure: true },
 *   'mx1.contoso.example': { a: ['192.0.2.1'], secure: true },
 *   '_25._tcp.mx1.contoso.example': { tlsa: [{ usage: 3, selector: 1, matchingType: 1, data: '…' }], secure: true },
 *   'slow.example': { a: ['192.0.2.2'], delayMs: 300, faults: { AAAA: 'SERVFAIL' } },
 * });
 * const resolver = createResolver({ server: dns.address, timeoutMs: 500, tries: 1 });
 */
export async function startDnsZone(zone: DnsZone) {
  const server = await startDnsServer((type, name, checked) => answerFrom(zone, type, name.toLowerCase(), checked));
  return Object.assign(server, { zone });
}

function answerFrom(zone: DnsZone, type: string, asked: string, checked: boolean): Say {
  const answers: Answer[] = [];
  const manner: Required<Manner> = { secure: true, truncated: false, delayMs: 0 };
  let name = asked;
  for (let hops = 0; hops < 20; hops += 1) {
    const entry = find(zone, name);
    manner.secure &&= entry?.secure === true;
    manner.truncated ||= entry?.truncated === true;
    manner.delayMs += entry?.delayMs ?? 0;
    const fault = entry?.faults?.[type] ?? entry?.fault;
    if (fault !== undefined && !(fault === 'bogus' && !checked)) return faulty(fault, answers, manner);
    if (entry === undefined && !hasBelow(zone, name)) return { rcode: 'NXDOMAIN', answers, ...manner };
    const records = entry === undefined ? [] : recordsOf(entry, type, name);
    if (records.length > 0 || entry?.cname === undefined) return { answers: [...answers, ...records], ...manner };
    answers.push({ type: 'CNAME', name, ttl: 60, data: entry.cname });
    name = entry.cname.toLowerCase();
  }
  return { answers, ...manner };
}

function faulty(fault: Fault, answers: Answer[], manner: Required<Manner>): Say {
  switch (fault) {
    case 'silence':
      return { silence: true };
    case 'garbage':
      return { bytes: Buffer.from('no DNS') };
    case 'bogus':
      return { rcode: 'SERVFAIL', delayMs: manner.delayMs };
    case 'NXDOMAIN':
      return { rcode: fault, answers, ...manner };
    default:
      return { rcode: fault, delayMs: manner.delayMs };
  }
}

function find(zone: DnsZone, name: string): ZoneEntry | undefined {
  const key = Object.keys(zone).find((one) => one.toLowerCase() === name || reverseName(one) === name);
  return key === undefined ? undefined : zone[key];
}

/** A name that only has names below it exists (RFC 8020). */
function hasBelow(zone: DnsZone, name: string): boolean {
  return Object.keys(zone).some((one) => one.toLowerCase().endsWith(`.${name}`));
}

function recordsOf(entry: ZoneEntry, type: string, name: string): Answer[] {
  const ttl = 60;
  switch (type) {
    case 'A':
      return (entry.a ?? []).map((data) => ({ type, name, ttl, data }));
    case 'AAAA':
      return (entry.aaaa ?? []).map((data) => ({ type, name, ttl, data }));
    case 'PTR':
      return (entry.ptr ?? []).map((data) => ({ type, name, ttl, data }));
    case 'CNAME':
      return entry.cname === undefined ? [] : [{ type, name, ttl, data: entry.cname }];
    case 'TXT':
      return (entry.txt ?? []).map((text) => ({ type, name, ttl, data: text.match(/.{1,255}/gs) ?? [''] }));
    case 'MX':
      return (entry.mx ?? []).map(([preference, exchange]) => ({ type, name, ttl, data: { preference, exchange } }));
    case 'TLSA':
      return (entry.tlsa ?? []).map(({ usage, selector, matchingType, data }) => {
        return { type, name, ttl, data: { usage, selector, matchingType, certificate: Buffer.from(data, 'hex') } };
      });
    default:
      return [];
  }
}
