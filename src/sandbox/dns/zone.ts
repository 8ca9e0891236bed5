import type { Answer, SoaAnswer, StringAnswer } from 'dns-packet';
import { type MxHost, SANDBOX_DOMAIN, type ServerScript, type Site, type ZoneRecord } from '../site.ts';

/** A server with the host name and address under which DNS shows it. */
export interface PlacedServer {
  site: Site;
  host: string;
  /** The name that the MX record gives; another one than `host` only where that is an alias. */
  exchange: string;
  ip: string;
  script: ServerScript;
}

/** What the name server knows. */
export interface Zone {
  records: ReadonlyMap<string, readonly ZoneRecord[]>;
  /** Names (and everything below them) that the server fails or ignores. */
  troubles: ReadonlyMap<string, 'servfail' | 'silent'>;
  /** Domains whose answers are marked as verified by DNSSEC. */
  signed?: readonly string[];
}

/** What a look-up found; `silent` means that no answer is sent. */
export interface LookupResult {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silent';
  answers: ZoneRecord[];
  authorities: Answer[];
}

const TTL_S = 60;
const MAX_CNAMES = 8;
const REVERSE_ZONE = '113.0.203.in-addr.arpa';
const APEXES = [SANDBOX_DOMAIN, REVERSE_ZONE];

/** Gives each server of the sites an address of TEST-NET-3 (RFC 5737), 203.0.113.10 and up in the order of the table. */
export function placeServers(sites: readonly Site[]): PlacedServer[] {
  let last = 9;
  return sites.flatMap((site) =>
    (site.mx ?? []).flatMap((mx, index) =>
      mx.servers.map((script) => {
        last += 1;
        const host = mxHostName(site, index);
        return { site, host, exchange: exchangeName(site, mx, host), ip: `203.0.113.${last}`, script };
      }),
    ),
  );
}

/** The zone of all sites: MX, A, PTR, TXT and what they add themselves. */
export function buildZone(sites: readonly Site[], servers: readonly PlacedServer[]): Zone {
  const records = new Map<string, ZoneRecord[]>();
  const troubles = new Map<string, 'servfail' | 'silent'>();
  const declare = (name: string) => {
    const known = records.get(name) ?? [];
    records.set(name, known);
    return known;
  };
  const add = (record: ZoneRecord) => declare(record.name).push({ ttl: TTL_S, class: 'IN', ...record });

  for (const apex of APEXES) add(startOfAuthority(apex));
  // A block list that lists nobody: only its own test entry (RFC 5782 5).
  add({ name: `2.0.0.127.bl.${SANDBOX_DOMAIN}`, type: 'A', data: '127.0.0.2' });
  for (const site of sites) {
    const domain = domainOf(site);
    if (site.dns === 'servfail' || site.dns === 'silent') troubles.set(domain, site.dns);
    site.mx?.forEach((mx, index) => {
      const host = mxHostName(site, index);
      const exchange = exchangeName(site, mx, host);
      declare(host);
      if (exchange !== host) add({ name: exchange, type: 'CNAME', data: host });
      add({ name: domain, type: 'MX', data: { preference: mx.preference ?? (index + 1) * 10, exchange } });
    });
    if (site.mx !== undefined) add({ name: domain, type: 'TXT', data: 'v=spf1 mx -all' });
    for (const record of site.records ?? []) add(record);
  }
  for (const { site, host, ip } of servers) {
    add({ name: host, type: 'A', data: ip });
    if (mxHostOf(site, host)?.reverse !== false) add({ name: reverseName(ip), type: 'PTR', data: host });
  }
  return { records, troubles, signed: sites.filter((site) => site.signed === true).map(domainOf) };
}

/** Looks a name up as an authoritative server would (RFC 1034 section 4.3.2, negative answers RFC 2308). */
export function lookUp(zone: Zone, name: string, type: string): LookupResult {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const apex = APEXES.find((candidate) => isWithin(wanted, candidate));
  if (apex === undefined) return { rcode: 'REFUSED', answers: [], authorities: [] };
  for (const [domain, trouble] of zone.troubles) {
    if (isWithin(wanted, domain)) {
      return { rcode: trouble === 'servfail' ? 'SERVFAIL' : 'silent', answers: [], authorities: [] };
    }
  }
  const answers: ZoneRecord[] = [];
  let current = wanted;
  for (let hops = 0; hops < MAX_CNAMES; hops += 1) {
    const here = zone.records.get(current);
    const matching = here?.filter((record) => record.type === type || type === 'ANY') ?? [];
    if (matching.length > 0) return { rcode: 'NOERROR', answers: [...answers, ...matching], authorities: [] };
    const alias = here?.find((record): record is StringAnswer => record.type === 'CNAME');
    if (alias === undefined) {
      const rcode = exists(zone, current) ? 'NOERROR' : 'NXDOMAIN';
      return { rcode, answers, authorities: [{ ttl: TTL_S, class: 'IN', ...startOfAuthority(apex) }] };
    }
    answers.push(alias);
    current = alias.data.toLowerCase();
  }
  return { rcode: 'SERVFAIL', answers: [], authorities: [] };
}

/** True when answers about the name are verified by DNSSEC. */
export function isSigned({ signed = [] }: Zone, name: string): boolean {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return signed.some((domain) => isWithin(wanted, domain));
}

/** `healthy.sandbox.test` */
export function domainOf(site: Site): string {
  return `${site.name}.${SANDBOX_DOMAIN}`;
}

function mxHostName(site: Site, index: number): string {
  return `mx${index + 1}.${domainOf(site)}`;
}

function exchangeName(site: Site, mx: MxHost, host: string): string {
  return mx.alias === undefined ? host : `${mx.alias}.${domainOf(site)}`;
}

function mxHostOf(site: Site, host: string): MxHost | undefined {
  return site.mx?.find((_, index) => mxHostName(site, index) === host);
}

function reverseName(ip: string): string {
  return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** True also for a name that only has names below it (RFC 8020: that is not NXDOMAIN). */
function exists(zone: Zone, name: string): boolean {
  if (zone.records.has(name)) return true;
  const suffix = `.${name}`;
  return [...zone.records.keys()].some((known) => known.endsWith(suffix));
}

function startOfAuthority(apex: string): SoaAnswer {
  return {
    name: apex,
    type: 'SOA',
    data: {
      mname: `ns.${SANDBOX_DOMAIN}`,
      rname: `hostmaster.${SANDBOX_DOMAIN}`,
      serial: 1,
      refresh: 3600,
      retry: 600,
      expire: 86_400,
      minimum: TTL_S,
    },
  };
}
