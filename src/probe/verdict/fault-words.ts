import type { Cause, ErrorType } from '../../vocabulary.ts';
import type { ProbeAttempt } from '../report.ts';

/** What an address does that fails, for one and for several: `1 refuses`, `2 refuse`. */
type Verb = readonly [one: string, many: string];

const GENERAL: Verb = ['fails', 'fail'];

const BY_TYPE: Partial<Record<ErrorType, Verb>> = {
  DnsFailure: ['cannot be looked up', 'cannot be looked up'],
  ConnectionLost: ['hangs up', 'hang up'],
  TlsNotOffered: ['does not offer TLS', 'do not offer TLS'],
  TlsHandshakeFailure: ['fails at the TLS handshake', 'fail at the TLS handshake'],
  CertificateFailure: ['shows a bad certificate', 'show a bad certificate'],
  ServerBusy: ['is busy', 'are busy'],
  RecipientRejected: ['refuses the recipient', 'refuse the recipient'],
  SenderRejected: ['refuses the sender', 'refuse the sender'],
  ReputationBlock: ['turns us away', 'turn us away'],
  ProbeTimeout: ['hangs', 'hang'],
};

const BY_CAUSE: Partial<Record<`${ErrorType} ${Cause}`, Verb>> = {
  'DnsFailure no-address': ['has no address', 'have no address'],
  'DnsFailure invalid-mx': ['is no usable MX', 'are no usable MX'],
  'UnableToConnect refused': ['refuses', 'refuse'],
  'UnableToConnect timeout': ['does not answer', 'do not answer'],
  'UnableToConnect unreachable': ['cannot be reached', 'cannot be reached'],
  'UnableToConnect not-connected': ['cannot be reached', 'cannot be reached'],
  'UnableToConnect blocked-egress': ['may not be probed', 'may not be probed'],
};

/** The verb of one failed attempt. */
function verbOf({ errorType, cause }: ProbeAttempt): Verb {
  if (errorType === null) return GENERAL;
  return BY_CAUSE[`${errorType} ${cause}` as keyof typeof BY_CAUSE] ?? BY_TYPE[errorType] ?? GENERAL;
}

/** What these attempts do, as a verb for so many: `refuse` where all refuse, `fail` where they differ. */
export function sharedVerb(attempts: readonly ProbeAttempt[]): string {
  const [first, ...others] = attempts.map(verbOf);
  const verb = first !== undefined && others.every((one) => one === first) ? first : GENERAL;
  return verb[attempts.length === 1 ? 0 : 1];
}

/** `2 refuse, 1 does not answer`, the most frequent first; undefined where all do the same. */
export function countVerbs(attempts: readonly ProbeAttempt[]): string | undefined {
  const counts = new Map<Verb, number>();
  for (const attempt of attempts) counts.set(verbOf(attempt), (counts.get(verbOf(attempt)) ?? 0) + 1);
  if (counts.size < 2) return undefined;
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([[one, many], count]) => `${count} ${count === 1 ? one : many}`).join(', ');
}
