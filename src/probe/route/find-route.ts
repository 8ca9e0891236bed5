import { withTimeLimit } from '../../dns/deadline.ts';
import type { DnsResolver } from '../../dns/resolver.ts';
import type { ProbePlan } from '../plan.ts';
import { type Route, resolveDomain, resolveHost } from './resolve-route.ts';

interface Asker {
  resolver: DnsResolver;
  elapsed: () => number;
  signal: AbortSignal;
  /** Deadline of the DNS stage in milliseconds. */
  timeoutMs: number;
}

type Goal = Pick<ProbePlan, 'name' | 'viaMx' | 'hostIp'>;

/** A given address must not wait for a DNS that does not answer; without it, only the name of the domain counts. */
const NAMES_MS = 1000;

/** Where to connect: the address that was given, or what DNS says within the deadline of the DNS stage. */
export async function findRoute(plan: Goal, { resolver, elapsed, signal, timeoutMs }: Asker): Promise<Route> {
  if (plan.hostIp !== undefined) {
    const hop = { host: plan.name, ip: plan.hostIp, dnsMs: 0, preference: 0 };
    const mxNames = plan.viaMx ? await namesOfMx(plan.name, resolver, Math.min(timeoutMs, NAMES_MS), signal) : [];
    return { mx: [], hops: [hop], notes: [], mxNames, dnssec: 'unknown' };
  }
  return withTimeLimit(resolver, timeoutMs, signal, (limited) => {
    const asker = { resolver: limited, elapsed, graceMs: timeoutMs / 6 };
    return plan.viaMx ? resolveDomain(plan.name, asker) : resolveHost(plan.name, asker);
  });
}

/** The MX hosts of a domain: its server shows a certificate for them (RFC 7672 3.2.3), whichever of its addresses is dialled. */
async function namesOfMx(
  domain: string,
  resolver: DnsResolver,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string[]> {
  const { records } = await withTimeLimit(resolver, timeoutMs, signal, (limited) => limited.mx(domain));
  return records.map(({ host }) => host).filter((host) => host !== '');
}
