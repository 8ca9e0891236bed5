import { withTimeLimit } from '../dns/deadline.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import type { ProbePlan } from './plan.ts';
import { type Route, resolveDomain, resolveHost } from './resolve-route.ts';

interface Asker {
  resolver: DnsResolver;
  elapsed: () => number;
  signal: AbortSignal;
  /** Deadline of the DNS stage in milliseconds. */
  timeoutMs: number;
}

type Goal = Pick<ProbePlan, 'name' | 'viaMx' | 'hostIp'>;

/** Where to connect: the address that was given, or what DNS says within the deadline of the DNS stage. */
export async function findRoute(plan: Goal, { resolver, elapsed, signal, timeoutMs }: Asker): Promise<Route> {
  if (plan.hostIp !== undefined) {
    const hop = { host: plan.name, ip: plan.hostIp, dnsMs: 0, preference: 0 };
    return { mx: [], hops: [hop], notes: [], dnssec: 'unknown' };
  }
  return withTimeLimit(resolver, timeoutMs, signal, (limited) => {
    const asker = { resolver: limited, elapsed, graceMs: timeoutMs / 6 };
    return plan.viaMx ? resolveDomain(plan.name, asker) : resolveHost(plan.name, asker);
  });
}
