import type { AttemptOutcome } from '../attempt/attempt.ts';
import type { ProbeAttempt } from '../report.ts';

/** One address with what came of it. `preference` is that of its MX record, 0 without one: the lowest is tried first. */
export interface Path extends AttemptOutcome {
  preference: number;
}

/** Mail does not flow over it. */
export function isFailed({ report }: Path): boolean {
  return report.verdict === 'failed';
}

/** Mail flows over it, with a fault. */
export function isDegraded({ report }: Path): boolean {
  return report.verdict === 'degraded';
}

/** What to count: a host that could not be looked up is no address. */
export function pathNoun(paths: readonly Path[]): 'addresses' | 'paths' {
  return paths.some(({ report }) => report.ip === null) ? 'paths' : 'addresses';
}

/** The peer knew the mechanism and did not take the secret. The same one again and again locks accounts. */
export function isLoginRefused({ errorType, cause }: Pick<ProbeAttempt, 'errorType' | 'cause'>): boolean {
  return errorType === 'AuthFailure' && cause === 'rejected';
}
