import { systemClock } from '../clock.ts';
import { withTimeLimit } from '../dns/deadline.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import { EXCHANGE_ONLINE_RANGES } from './data/exchange-online-ranges.ts';
import { emptyPeerReport } from './empty-report.ts';
import { joinUnanswered, sortFindings } from './findings.ts';
import type { PeerLookupOptions, PeerSetup } from './peer-setup.ts';
import { parsePeerTarget } from './peer-target.ts';
import type { PeerFinding, PeerReport, PeerSection } from './report.ts';
import { runSections } from './run-sections.ts';
import { evaluationFindings, sectionFindings } from './section-findings.ts';
import { summarize } from './summarize.ts';

/** What is asked of one look-up. */
export interface PeerLookupRequest {
  signal: AbortSignal;
  /** The sending domain whose SPF is evaluated for the target's addresses. */
  domain?: string;
  /** Called with what is known so far, at once and whenever a part has ended. */
  onProgress?: (report: PeerReport) => void;
}

/** Looks one peer up; `target` is a domain, host, address or mailbox. */
export type PeerLookup = (target: string, request: PeerLookupRequest) => Promise<PeerReport>;

/** All look-ups about one peer together; what is silent longer is reported as silent. */
const TIMEOUT_MS = 15_000;

/** One part: a dead name server holds up its own part and no other. */
const SECTION_MS = 10_000;

/**
 * Looks a peer up in DNS, on block lists and in the history: hosts, reverse names, policies, reputation. Throws UserError for
 * bad input, and rejects when `signal` is aborted; whatever the DNS says is data.
 */
export function createPeerLookup(options: PeerLookupOptions): PeerLookup {
  const { timeoutMs = TIMEOUT_MS, clock = systemClock } = options;
  const setup: PeerSetup = {
    ...options,
    clock,
    egress: options.egress ?? { allow: [], ports: [] },
    blocklists: options.blocklists ?? [],
    dkimSelectors: options.dkimSelectors ?? [],
    ranges: options.ranges ?? { load: async () => EXCHANGE_ONLINE_RANGES },
  };
  return async (target, { signal, domain, onProgress }) => {
    const parsed = parsePeerTarget(target);
    const began = clock.elapsed();
    let report = emptyPeerReport(target.trim(), parsed.kind === 'ip' ? 'ip' : 'domain', clock.now().toISOString());
    const noted = new Map<PeerSection, readonly PeerFinding[]>();

    /** Takes in what a part found; findings and summary follow from all that is known. */
    function take(section: PeerSection, patch: Partial<PeerReport>, findings: readonly PeerFinding[] = []): void {
      noted.set(section, findings);
      const pending = report.pending.filter((one) => one !== section);
      report = { ...report, ...patch, pending, durationMs: Math.round(clock.elapsed() - began) };
      const all = [...evaluationFindings(report), ...[...noted.values()].flat(), ...sectionFindings(report)];
      report = { ...report, findings: sortFindings(joinUnanswered(all)) };
      report = { ...report, summary: summarize(report) };
      if (!signal.aborted) onProgress?.(report);
    }

    const limited = async <T>(work: (resolver: DnsResolver, leftMs: number) => Promise<T>): Promise<T> => {
      const leftMs = Math.max(1, Math.min(SECTION_MS, timeoutMs - (clock.elapsed() - began)));
      return withTimeLimit(setup.resolver, leftMs, signal, (resolver) => work(resolver, leftMs));
    };

    signal.throwIfAborted();
    onProgress?.(report);
    const know = (patch: Partial<PeerReport>): void => {
      report = { ...report, ...patch };
    };
    await runSections({ parsed, domain, setup, limited, take, know, signal, report: () => report });
    signal.throwIfAborted();
    return report;
  };
}
