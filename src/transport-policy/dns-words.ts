import type { DnsAnswer } from '../dns/resolver.ts';

type Failure = Exclude<DnsAnswer<never>['status'], 'ok' | 'nodata' | 'nxdomain'>;

/** What went wrong with a look-up; completes "the look-up of X …". */
const WORDS: Readonly<Record<Failure, string>> = {
  servfail: 'fails (SERVFAIL)',
  dnssec: 'fails because the DNSSEC signatures do not verify',
  timeout: 'gets no answer',
  refused: 'is refused by the DNS server',
  invalid: 'gets an unusable answer',
};

/** True when the DNS has said that there is nothing. */
export function isAbsent(answer: DnsAnswer<unknown>): boolean {
  return answer.status === 'nodata' || answer.status === 'nxdomain';
}

/** Why a look-up gave neither records nor their absence; undefined when it did. */
export function lookupFailure(what: string, { status }: DnsAnswer<unknown>): string | undefined {
  if (status === 'ok' || status === 'nodata' || status === 'nxdomain') return undefined;
  return `the look-up of ${what} ${WORDS[status]}`;
}
