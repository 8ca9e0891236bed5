import { PEER_SECTIONS, type PeerReport } from './report.ts';
import { NO_DMARC, notAsked } from './section-schemas.ts';

/** A report of which nothing is known yet: every part is pending. */
export function emptyPeerReport(target: string, kind: PeerReport['kind'], startedAt: string): PeerReport {
  const none = notAsked('Not asked yet.');
  return {
    target,
    kind,
    mx: [],
    addresses: [],
    ptr: [],
    findings: [],
    summary: `Looking up ${target}.`,
    startedAt,
    durationMs: 0,
    domain: null,
    lookups: { mx: none, addresses: none, ptr: none },
    dnssec: 'unknown',
    provider: null,
    spf: { ...none, record: null, lookups: null, voids: null, others: null, warnings: [], terms: [], evaluations: [] },
    dmarc: { ...none, ...NO_DMARC },
    blocklists: { ...none, entries: [] },
    dkim: { ...none, selectors: [], asked: 0 },
    mtaSts: { ...none, mode: null, mx: [], maxAgeS: null, warnings: [] },
    tlsRpt: { ...none, reportsTo: [] },
    dane: { ...none, hosts: [] },
    bimi: { ...none, record: null, location: null, authority: null },
    exchangeOnline: { ...none, addresses: [], mxHosts: [], rangesOf: null },
    history: { ...none, probes: 0, failed: 0 },
    pending: [...PEER_SECTIONS],
  };
}
