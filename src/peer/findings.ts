import type { DnsAnswer } from '../dns/resolver.ts';
import type { PeerReport } from './report.ts';
import type { ReverseDns } from './reverse-dns.ts';

type Finding = PeerReport['findings'][number];
type Failure = Exclude<DnsAnswer<never>['status'], 'ok'>;

const FAILURE_WORDS: Readonly<Record<Failure, string>> = {
  nxdomain: 'does not exist in DNS (NXDOMAIN)',
  nodata: 'has no such record',
  servfail: 'cannot be looked up: its name servers fail (SERVFAIL)',
  dnssec: 'cannot be looked up: its DNSSEC signatures do not verify',
  timeout: 'cannot be looked up: its name servers do not answer',
  refused: 'cannot be looked up: the resolver refuses',
  invalid: 'has an answer in DNS that cannot be used',
};

/** A look-up that failed, as a finding. */
export function failureFinding(name: string, status: Failure): Finding {
  return { severity: 'error', text: `${name} ${FAILURE_WORDS[status]}.` };
}

/** What the reverse DNS of one address is worth. A machine that sends mail needs it; one that only receives does not. */
export function ptrFinding({ entry: { ip, names, confirmed }, status }: ReverseDns, sends: boolean): Finding {
  const severity = sends ? 'warning' : 'info';
  if (status !== 'ok' && status !== 'nodata' && status !== 'nxdomain') {
    return { severity, text: `The reverse name of ${ip} ${FAILURE_WORDS[status]}.` };
  }
  if (names.length === 0) {
    return { severity, text: `${ip} has no PTR record. Many receivers reject mail from it (RFC 1912 2.1).` };
  }
  if (confirmed) return { severity: 'ok', text: `${ip} is ${names[0]}, and that name resolves back to it.` };
  return { severity, text: `${ip} claims to be ${names[0]}, but that name does not resolve back to it.` };
}

const ORDER: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2, ok: 3 };

/** Most important first; equals stay as they were. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}
