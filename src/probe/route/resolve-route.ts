import { isIP } from 'node:net';
import { askTogether } from '../../dns/deadline.ts';
import type { DnsAnswer, DnsResolver, MxRecord } from '../../dns/resolver.ts';
import type { Problem } from '../faults/problem.ts';
import { LIMITS } from '../limits.ts';
import {
  dnsProblem,
  invalidMxProblem,
  localMxProblem,
  noAddressProblem,
  noMailRouteProblem,
  nullMxProblem,
  unusableMxProblem,
} from './dns-problem.ts';
import { type Dnssec, dnssecOf, joinDnssec } from './dnssec.ts';

/** Where mail for a target goes, in the order in which a sender tries it. */
export interface Route {
  mx: MxRecord[];
  hops: Hop[];
  /** Why there is nothing to connect to. */
  problem?: Problem;
  notes: string[];
  /** Hosts of the MX where they are not what is dialled: the certificate of a given address may carry their names. */
  mxNames?: string[];
  /** What the resolver said of DNSSEC for the names on the way, all of them together. */
  dnssec: Dnssec;
}

/** One address to try, or an MX host for which there is none. `preference` is that of its MX record, 0 without one. */
export type Hop =
  | { host: string; ip: string; dnsMs: number; preference: number }
  | { host: string; ip: null; dnsMs: number; preference: number; problem: Problem };

interface Asker {
  /** Ends its look-ups by itself. */
  resolver: DnsResolver;
  elapsed: () => number;
  /** How long the answer about one family of addresses is waited for when the other is there. */
  graceMs: number;
}

/** The MX hosts of a domain with their addresses; its own addresses when it has no MX (RFC 5321 5.1). */
export async function resolveDomain(domain: string, asker: Asker): Promise<Route> {
  const began = asker.elapsed();
  const answer = await asker.resolver.mx(domain);
  const mxMs = Math.round((asker.elapsed() - began) * 10) / 10;
  const dnssec = dnssecOf(answer);
  if (answer.status === 'nodata') {
    const route = await resolveHost(domain, asker, mxMs);
    const both = joinDnssec([dnssec, route.dnssec]);
    if (route.problem?.cause === 'no-address') return failed(noMailRouteProblem(domain, route.alias), both);
    if (route.problem === undefined)
      route.notes.push('There is no MX record; mail goes to the address of the domain itself.');
    return { ...route, dnssec: both };
  }
  // A name known to the hosts file only (localhost) does not exist in the DNS but can be reached all the same.
  if (answer.status === 'nxdomain') return resolveUnknown(domain, asker, mxMs);
  if (answer.status === 'invalid') return failed(unusableMxProblem(domain), dnssec);
  if (answer.status !== 'ok') return failed(dnsProblem(answer.status, `MX of ${domain}`), dnssec);
  const mx = answer.records.toSorted((a, b) => a.preference - b.preference);
  const real = mx.filter(({ host }) => host !== '');
  if (real.length === 0) return { mx, hops: [], problem: nullMxProblem(domain), notes: [], dnssec };
  const notes = real.length < mx.length ? ['A null MX stands beside other MX records, which RFC 7505 forbids.'] : [];
  const found = await Promise.all(firstOfEach(real).map((record) => mxHost(record, asker, mxMs)));
  const hops = found.flatMap((one) => one.hops).slice(0, LIMITS.addresses);
  notes.push(...found.flatMap((one) => one.notes));
  const route: Route = { mx, hops, notes, dnssec: joinDnssec([dnssec, ...found.map((one) => one.dnssec)]) };
  const reachable = hops.some(({ ip }) => ip !== null);
  const why = hops.find((hop) => hop.ip === null);
  return reachable || why?.ip !== null ? route : { ...route, problem: why.problem };
}

/** The addresses of one host, IPv4 first. `spentMs` went into finding its name. */
export async function resolveHost(host: string, asker: Asker, spentMs = 0): Promise<Route & { alias?: string }> {
  const began = asker.elapsed();
  if (isIP(host) !== 0) {
    return { mx: [], hops: [{ host, ip: host, dnsMs: 0, preference: 0 }], notes: [], dnssec: 'unknown' };
  }
  const { resolver, graceMs } = asker;
  const [v4, v6, cname] = await askTogether([resolver.a(host), resolver.aaaa(host), resolver.cname(host)], graceMs);
  const dnsMs = Math.round((spentMs + asker.elapsed() - began) * 10) / 10;
  const hops = [...v4.records, ...v6.records].map((ip) => ({ host, ip, dnsMs, preference: 0 }));
  const alias = cname.records[0] === undefined ? {} : { alias: cname.records[0] };
  const dnssec = joinDnssec([dnssecOf(v4), dnssecOf(v6)]);
  if (hops.length > 0) {
    const notes = [...brokenFamily(host, 'IPv4 (A)', v4), ...brokenFamily(host, 'IPv6 (AAAA)', v6)];
    return { mx: [], hops, notes, dnssec, ...alias };
  }
  // NODATA for one family says less than what went wrong with the other.
  const status = v4.status === 'ok' || v4.status === 'nodata' ? v6.status : v4.status;
  return { ...failed(dnsProblem(status === 'ok' ? 'nodata' : status, `address of ${host}`), dnssec), ...alias };
}

/** One family of addresses could be found; a failure of the other is worth a word, its absence is not. */
function brokenFamily(host: string, family: string, answer: DnsAnswer<string>): string[] {
  if (['ok', 'nodata', 'nxdomain'].includes(answer.status)) return [];
  const what = answer.status === 'timeout' ? 'get no answer' : `fail (${answer.status})`;
  return [`Look-ups of ${family} addresses of ${host} ${what}; senders that wait for them are slow.`];
}

async function resolveUnknown(domain: string, asker: Asker, mxMs: number): Promise<Route> {
  const route = await resolveHost(domain, asker, mxMs);
  return route.problem === undefined ? route : failed(dnsProblem('nxdomain', domain), route.dnssec);
}

/** A host that two records name is tried once, where it stands first. */
function firstOfEach(records: readonly MxRecord[]): MxRecord[] {
  const seen = new Set<string>();
  return records.filter(({ host }) => seen.size < seen.add(host.toLowerCase()).size);
}

async function mxHost({ host, preference }: MxRecord, asker: Asker, mxMs: number): Promise<Omit<Route, 'mx'>> {
  const without = (problem: Problem, dnssec: Dnssec): Omit<Route, 'mx'> => ({
    hops: [{ host, ip: null, dnsMs: mxMs, preference, problem }],
    notes: [],
    dnssec,
  });
  if (isIP(host) !== 0) return without(invalidMxProblem(host), 'unknown');
  // RFC 6761 6.3: the name never leaves the machine, so each sender would connect to itself.
  if (/^(?:.+\.)?localhost$/i.test(host)) return without(localMxProblem(host), 'unknown');
  const route = await resolveHost(host, asker, mxMs);
  const { alias, notes, dnssec } = route;
  if (route.problem !== undefined) {
    const { cause } = route.problem;
    const absent = cause === 'no-address' || cause === 'nxdomain';
    return without(absent ? noAddressProblem(host, alias, cause) : route.problem, dnssec);
  }
  if (alias !== undefined)
    notes.push(`MX host ${host} is an alias (CNAME) of ${alias}, which RFC 5321 5.1 does not allow.`);
  return { hops: route.hops.map((hop) => ({ ...hop, preference })), notes, dnssec };
}

function failed(problem: Problem, dnssec: Dnssec): Route {
  return { mx: [], hops: [], problem, notes: [], dnssec };
}
