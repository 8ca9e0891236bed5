import { isIP } from 'node:net';
import { withTimeLimit } from '../dns/deadline.ts';
import { decideEgress } from '../egress/egress-policy.ts';
import { connectHttps } from './connect-https.ts';
import { isAbsent, lookupFailure } from './dns-words.ts';
import { getText, type HttpText } from './get-text.ts';
import type { PolicyDeps } from './policy-deps.ts';

/** The file; or what is wrong with the server (`broken`); or why nobody knows (`unknown`). Both complete a sentence. */
export type FetchedPolicy = HttpText | { broken: string } | { unknown: string };

const HTTPS_PORT = 443;
const PATH = '/.well-known/mta-sts.txt';
/** More addresses than these are not tried: the fault is the server's then. */
const MAX_ADDRESSES = 3;

/**
 * The policy file of a domain (RFC 8461 3.3), from an address that the egress policy lets pass at port 443, whatever ports
 * are open to probes. The very address that was judged is dialled. Rejects only with the reason of `deps.signal`.
 */
export async function fetchPolicyText(domain: string, deps: PolicyDeps): Promise<FetchedPolicy> {
  const host = `mta-sts.${domain}`;
  const deadline = new AbortController();
  const onAbort = (): void => deadline.abort();
  const timer = setTimeout(onAbort, deps.timeoutMs);
  deps.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const addresses = await addressesOf(host, deps);
    if (!Array.isArray(addresses)) return addresses;
    let result: FetchedPolicy = { broken: `${host} has no address` };
    for (const address of addresses.slice(0, MAX_ADDRESSES)) {
      result = await fetchFrom(address, host, deps, deadline.signal);
      deps.signal.throwIfAborted();
      if ('text' in result || deadline.signal.aborted) return result;
    }
    return result;
  } finally {
    clearTimeout(timer);
    deps.signal.removeEventListener('abort', onAbort);
  }
}

async function addressesOf(
  host: string,
  deps: PolicyDeps,
): Promise<string[] | { broken: string } | { unknown: string }> {
  const [v4, v6] = await withTimeLimit(deps.resolver, deps.timeoutMs, deps.signal, (resolver) =>
    Promise.all([resolver.a(host), resolver.aaaa(host)]),
  );
  const found = [...v4.records, ...v6.records].filter((ip) => isIP(ip) !== 0);
  if (found.length > 0) return judged(host, found, deps);
  if (isAbsent(v4) && isAbsent(v6)) return { broken: `${host} has no address` };
  const failure = lookupFailure(`the address of ${host}`, isAbsent(v4) ? v6 : v4);
  return { unknown: failure ?? `${host} has no address` };
}

function judged(host: string, addresses: readonly string[], { egress }: PolicyDeps): string[] | { broken: string } {
  const policy = withHttps(egress);
  const decisions = addresses.map((ip) => ({ ip, decision: decideEgress(ip, HTTPS_PORT, policy) }));
  const open = decisions.filter(({ decision }) => decision.allowed).map(({ ip }) => ip);
  const [first] = decisions;
  if (open.length > 0 || first === undefined || first.decision.allowed) return open;
  return { broken: `${host} is not asked: ${first.decision.reason}` };
}

async function fetchFrom(ip: string, host: string, deps: PolicyDeps, signal: AbortSignal): Promise<FetchedPolicy> {
  const place = deps.dial?.(ip, HTTPS_PORT) ?? { host: ip, port: HTTPS_PORT };
  const socket = await connectHttps({ address: place.host, port: place.port, host }, deps.ca, signal);
  if ('fault' in socket) {
    const words = `${host} ${socket.fault}`;
    return socket.local === true ? { unknown: words } : { broken: words };
  }
  const answer = await getText(socket, host, PATH, signal);
  return 'fault' in answer ? { broken: `${host} ${answer.fault}` } : answer;
}

const widened = new WeakMap<PolicyDeps['egress'], PolicyDeps['egress']>();

/** The same policy with port 443; kept, because decideEgress remembers the ranges of a policy that it has seen. */
function withHttps(egress: PolicyDeps['egress']): PolicyDeps['egress'] {
  let policy = widened.get(egress);
  if (policy === undefined) {
    policy = { allow: egress.allow, ports: [...egress.ports, HTTPS_PORT] };
    widened.set(egress, policy);
  }
  return policy;
}
