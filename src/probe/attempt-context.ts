import type { Clock } from '../clock.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import type { AttemptRecord } from './attempt-record.ts';
import type { ProbeRequest, TlsMode } from './request.ts';
import type { TlsContexts } from './tls-contexts.ts';

/** Everything that one attempt needs besides its address. Names are ASCII (A-labels) by now. */
export interface ProbeSettings {
  depth: ProbeRequest['depth'];
  chunking: ProbeRequest['chunking'];
  tlsMode: TlsMode;
  /** TLS from the first byte, by mode or because of port 465 (RFC 8314 3.3). */
  implicitTls: boolean;
  probeId: string;
  helo: string;
  /** Empty for the null sender. */
  from: string;
  to: string;
  /** Names besides the host's own that its certificate may carry. */
  alsoNamed: readonly string[];
  expiryWarningDays: number;
  stageMs: number;
  /** When the whole probe must end, on the clock's `elapsed` scale. */
  deadlineAt: number;
  egress: EgressPolicy;
  /** Where a logical address is really dialled; the sandbox uses it. */
  dial: (ip: string, port: number) => { host: string; port: number };
  contexts: TlsContexts;
  clock: Clock;
  signal: AbortSignal;
}

/** One address being tried. */
export interface Attempt {
  record: AttemptRecord;
  settings: ProbeSettings;
}
