import { withTimeLimit } from '../../dns/deadline.ts';
import type { DnsResolver } from '../../dns/resolver.ts';
import type { EgressPolicy } from '../../egress/egress-policy.ts';
import { lookupTlsa, type TlsaLookup } from '../../transport-policy/dane.ts';
import { fetchMtaSts, type MtaStsResult } from '../../transport-policy/mta-sts.ts';
import type { ProbePlan } from '../plan.ts';
import type { ProbeRequest } from '../request.ts';

/**
 * What the domain and its hosts publish about TLS. The look-ups run beside the conversation and are waited for only where
 * a certificate is judged, so that they never count as a stage of the peer's.
 */
export interface TrustPolicies {
  /** The domain's MTA-STS policy; undefined where there is no domain to ask. */
  readonly mtaSts: Promise<MtaStsResult> | undefined;
  /** The TLSA records of one host and port, asked once; undefined where they are not asked. */
  tlsa(host: string, port: number): Promise<TlsaLookup> | undefined;
}

/** Nothing is looked up. */
export const NO_POLICIES: TrustPolicies = { mtaSts: undefined, tlsa: () => undefined };

/** What looking policies up needs from the probe. */
export interface PolicySources {
  resolver: DnsResolver;
  egress: EgressPolicy;
  dial: (ip: string, port: number) => { host: string; port: number };
  /** PEM certificates to trust besides Node's own. */
  ca: readonly string[];
  /** Milliseconds that the whole probe may take. */
  timeoutMs: number;
  /** Milliseconds of them that are left now. */
  leftMs: () => number;
  /** Ends what is still under way. */
  signal: AbortSignal;
}

/** Clients submit there; MTA-STS speaks of mail between servers (RFC 8461 1, RFC 8314 3.3). */
const SUBMISSION_PORTS = [465, 587];

/** A policy that hangs must leave the mail host most of the probe's time, and not let its connection idle for long. */
const SHARE = 0.25;
const MAX_MS = 5000;

/**
 * Starts looking: the policy of the domain is fetched at once, TLSA records when a host is first asked about. Nothing is
 * looked up for a target without a name, one whose address the person has given, and where TLS is no question.
 */
export function startTrustPolicies(
  request: Pick<ProbeRequest, 'depth' | 'tls' | 'hostIp' | 'target'>,
  plan: Pick<ProbePlan, 'name' | 'viaMx' | 'port'>,
  sources: PolicySources,
): TrustPolicies {
  const withTls = request.depth !== 'connect' && request.tls !== 'off';
  if (!withTls || request.target.kind === 'ip' || request.hostIp !== undefined) return NO_POLICIES;
  const { resolver, egress, dial, ca, signal } = sources;
  const timeoutMs = Math.min(MAX_MS, sources.timeoutMs * SHARE);
  // A host may be asked about late; the probe ends all the same.
  const untilEnd = (): number => Math.max(1, Math.min(timeoutMs, sources.leftMs()));
  const asked = new Map<string, Promise<TlsaLookup>>();
  const betweenServers = plan.viaMx && !SUBMISSION_PORTS.includes(plan.port);
  return {
    mtaSts: betweenServers
      ? heard(fetchMtaSts(plan.name, { resolver, egress, dial, ca, timeoutMs, signal }))
      : undefined,
    tlsa(host, port) {
      const key = `${host}:${port}`;
      const lookup =
        asked.get(key) ??
        heard(withTimeLimit(resolver, untilEnd(), signal, (limited) => lookupTlsa(host, port, limited)));
      asked.set(key, lookup);
      return lookup;
    },
  };
}

/** A look-up that is cancelled before anybody waits for it must not end the process as an unhandled rejection. */
function heard<T>(lookup: Promise<T>): Promise<T> {
  lookup.catch(() => undefined);
  return lookup;
}
