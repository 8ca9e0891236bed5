import type { Diagnosis } from '../src/analysis/diagnosis.ts';
import type { Knowledge } from '../src/analysis/knowledge/knowledge.ts';
import type { TraceInput, TraceProgress, TraceQuery } from '../src/analysis/trace/parse-trace.ts';
import type { TraceReport } from '../src/analysis/trace/report.ts';
import type { Clock } from '../src/clock.ts';
import type { Config } from '../src/config.ts';
import type { PeerLookupRequest } from '../src/peer/lookup-peer.ts';
import type { RangesRefresh } from '../src/peer/refresh-ranges.ts';
import type { PeerReport } from '../src/peer/report.ts';
import type { ProbeProgress } from '../src/probe/probe.ts';
import type { ProbeReport } from '../src/probe/report.ts';
import type { ProbeRequest } from '../src/probe/request.ts';

/** The cores as the commands use them. app.ts wires the real ones; a test gives its own. */
export interface Services {
  config: Config;
  clock: Clock;
  knowledge: Knowledge;
  probe(
    request: ProbeRequest,
    /** `userId`: whom the rate limit counts; without it only the target and everybody together are limited. */
    options: { signal: AbortSignal; userId?: string; onProgress?: (progress: ProbeProgress) => void },
  ): Promise<ProbeReport>;
  /** One artefact or a pasted text with several: an SMTP reply, LED string, NDR text or `.eml`. */
  diagnose(input: string | Uint8Array, options: { signal: AbortSignal }): Promise<Diagnosis>;
  parseTrace(
    files: TraceInput[],
    query: TraceQuery,
    options: { signal: AbortSignal; onProgress?: (progress: TraceProgress) => void },
  ): Promise<TraceReport>;
  /** `userId` as for `probe`. */
  lookupPeer(target: string, options: PeerLookupRequest & { userId?: string }): Promise<PeerReport>;
  /** Fetches Exchange Online's published ranges and keeps them. */
  refreshRanges(options: { signal: AbortSignal }): Promise<RangesRefresh>;
  /** Looks at this installation: what works, what is missing, what to do. */
  doctor(options: { signal: AbortSignal }): Promise<DoctorCheck[]>;
  /** The answers come from the built-in mail world. */
  sandbox: boolean;
}

/** One thing the doctor looked at. */
export interface DoctorCheck {
  name: string;
  state: 'ok' | 'warning' | 'failed';
  /** What was found, and where it is not ok the next step. */
  text: string;
}
