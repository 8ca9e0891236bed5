import type { DnsResolver } from '../dns/resolver.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';

/** What fetching a published policy needs from outside. */
export interface PolicyDeps {
  resolver: DnsResolver;
  egress: EgressPolicy;
  /** Another place to connect to than the address that was judged; for a mail world on loopback. */
  dial?: (ip: string, port: number) => { host: string; port: number };
  /** PEM certificates that are trusted beside Node's own (NODE_EXTRA_CA_CERTS among them). */
  ca?: readonly string[];
  /** Milliseconds for the look-ups and the fetch together. */
  timeoutMs: number;
  signal: AbortSignal;
}
