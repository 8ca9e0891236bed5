import type { Clock } from '../../clock.ts';
import type { EgressPolicy } from '../../egress/egress-policy.ts';
import type { ProbeRequest, TlsMode } from '../request.ts';
import type { TlsContexts } from '../tls/tls-contexts.ts';
import type { TrustPolicies } from '../tls/trust-policies.ts';
import type { AttemptRecord } from './attempt-record.ts';
import type { Credentials } from './auth-credentials.ts';

/** Everything that one attempt needs besides its address. Names are ASCII (A-labels) by now. */
export interface ProbeSettings {
  depth: ProbeRequest['depth'];
  chunking: ProbeRequest['chunking'];
  pipelining: ProbeRequest['pipelining'];
  /** What to log in with; missing when that was not asked for. */
  auth?: Credentials | undefined;
  /** How long a greylisted attempt may wait before it tries again, in milliseconds. */
  greylistWaitMs: number;
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
  /** When an address must have let us in for the first time; what is left then belongs to the control target. */
  connectBy: number;
  egress: EgressPolicy;
  /** Where a logical address is really dialled; the sandbox uses it. */
  dial: (ip: string, port: number) => { host: string; port: number };
  contexts: TlsContexts;
  /** What the domain and its hosts publish about TLS. */
  policies: TrustPolicies;
  /** Also ask which TLS versions the peer takes. */
  tlsScan: boolean;
  clock: Clock;
  signal: AbortSignal;
}

/** One address being tried. */
export interface Attempt {
  record: AttemptRecord;
  settings: ProbeSettings;
}
