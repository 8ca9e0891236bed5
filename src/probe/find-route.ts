import type { DnsResolver } from '../dns/resolver.ts';
import { dnsProblem } from './dns-problem.ts';
import type { ProbePlan } from './plan.ts';
import { type Route, resolveDomain, resolveHost } from './resolve-route.ts';

interface Asker {
  resolver: DnsResolver;
  elapsed: () => number;
  signal: AbortSignal;
  /** Deadline of the DNS stage in milliseconds. */
  timeoutMs: number;
}

/** Where to connect: the address that was given, or what DNS says, within the deadline of the DNS stage. */
export async function findRoute(plan: ProbePlan, asker: Asker): Promise<Route> {
  if (plan.hostIp !== undefined) return { mx: [], hops: [{ host: plan.name, ip: plan.hostIp, dnsMs: 0 }], notes: [] };
  const deadline = new AbortController();
  const onAbort = (): void => deadline.abort(asker.signal.reason);
  asker.signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => deadline.abort(), asker.timeoutMs);
  const limited = { resolver: asker.resolver, elapsed: asker.elapsed, signal: deadline.signal };
  try {
    return await (plan.viaMx ? resolveDomain(plan.name, limited) : resolveHost(plan.name, limited));
  } catch (error) {
    if (asker.signal.aborted || !deadline.signal.aborted) throw error;
    return { mx: [], hops: [], problem: dnsProblem('timeout', plan.name), notes: [] };
  } finally {
    clearTimeout(timer);
    asker.signal.removeEventListener('abort', onAbort);
  }
}
