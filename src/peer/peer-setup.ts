import type { Clock } from '../clock.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import type { ProbeHistory } from '../probe-history.ts';
import type { RangesStore } from './ranges-file.ts';

/** What looking peers up needs from outside. */
export interface PeerLookupOptions {
  resolver: DnsResolver;
  /** Milliseconds for all look-ups together. */
  timeoutMs?: number;
  /** What the MTA-STS fetch may connect to: nothing special by default. */
  egress?: EgressPolicy;
  /** Where that fetch connects in place of an address, and what it trusts beside Node's roots. */
  dial?: (ip: string, port: number) => { host: string; port: number };
  ca?: readonly string[];
  blocklists?: readonly string[];
  dkimSelectors?: readonly string[];
  /** Exchange Online's ranges; those of the package by default. */
  ranges?: Pick<RangesStore, 'load'>;
  history?: ProbeHistory;
  clock?: Clock;
  /** Told of a part that threw, which is a bug of ours or of a library; the other parts go on. */
  onFault?: (section: string, error: unknown) => void;
}

/** The options with their defaults. */
export type PeerSetup = Required<
  Pick<PeerLookupOptions, 'resolver' | 'egress' | 'blocklists' | 'dkimSelectors' | 'ranges' | 'clock'>
> &
  Pick<PeerLookupOptions, 'dial' | 'ca' | 'history' | 'onFault'>;
