import type { DnsAnswer } from '../dns/resolver.ts';
import type { Lookup, LookupState } from './section-schemas.ts';

/** How the DNS answered. */
export type DnsStatus = DnsAnswer<never>['status'];
/** How it answered when it brought no records. */
export type DnsFailure = Exclude<DnsStatus, 'ok'>;

const STATES: Readonly<Record<DnsStatus, LookupState>> = {
  ok: 'ok',
  nxdomain: 'absent',
  nodata: 'absent',
  invalid: 'wrong',
  servfail: 'failed',
  dnssec: 'failed',
  refused: 'failed',
  timeout: 'timeout',
};

const FAILURE_WORDS: Readonly<Record<DnsFailure, string>> = {
  nxdomain: 'does not exist in DNS (NXDOMAIN)',
  nodata: 'has no such record',
  servfail: 'cannot be looked up: its name servers fail (SERVFAIL)',
  dnssec: 'cannot be looked up: its DNSSEC signatures do not verify',
  timeout: 'cannot be looked up: its name servers do not answer',
  refused: 'cannot be looked up: the resolver refuses',
  invalid: 'has an answer in DNS that cannot be used',
};

/** The state of a look-up by how the DNS answered. */
export function lookupState(status: DnsStatus): LookupState {
  return STATES[status];
}

/** A failed look-up in words: `SPF of contoso.example cannot be looked up: …`. */
export function failureWords(what: string, status: DnsFailure): string {
  return `${what} ${FAILURE_WORDS[status]}.`;
}

/** State and words of a look-up that brought no records; `none` is said when there are none. */
export function missing(what: string, status: DnsFailure, none: string): Lookup {
  const state = lookupState(status);
  return { state, words: state === 'absent' ? none : failureWords(what, status) };
}

/** True when the DNS did not say whether there is such a record. */
export function isUnanswered(status: DnsStatus): boolean {
  return lookupState(status) === 'failed' || status === 'timeout';
}

/** One state for several look-ups of a kind none of which brought anything: what stays unknown comes before what is absent. */
export function worstState(states: readonly LookupState[]): LookupState {
  for (const state of ['timeout', 'failed', 'wrong', 'absent'] as const) if (states.includes(state)) return state;
  return 'absent';
}
