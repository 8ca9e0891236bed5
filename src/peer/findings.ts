import { isInsideAddress } from './inside-address.ts';
import { type DnsFailure, failureWords } from './lookup-state.ts';
import type { PeerFinding } from './report.ts';
import type { ReverseDns } from './reverse-dns.ts';

/** A look-up that failed, as a finding. */
export function failureFinding(name: string, status: DnsFailure): PeerFinding {
  const owner = status === 'nxdomain' || status === 'invalid' ? 'recipient' : 'dns';
  const fix =
    status === 'nxdomain' ? { fix: 'Check the spelling; then ask its owner whether the name is still registered' } : {};
  return { severity: 'error', text: failureWords(name, status), owner, ...fix };
}

/** What the reverse DNS of one address is worth. A machine that sends mail needs it; one that only receives does not. */
export function ptrFinding({ entry: { ip, names, confirmed }, status }: ReverseDns, sends: boolean): PeerFinding {
  const severity = sends ? 'warning' : 'info';
  const owner = 'sender';
  if (isInsideAddress(ip) && !confirmed) {
    const text = `${ip} is an inside address (RFC 6890): servers outside never see it, and only your own DNS can name it.`;
    return { severity: 'info', text };
  }
  if (status !== 'ok' && status !== 'nodata' && status !== 'nxdomain') {
    return { severity, text: failureWords(`The reverse name of ${ip}`, status), owner: 'dns' };
  }
  if (names.length === 0) {
    const text = `${ip} has no PTR record. Many receivers reject mail from it (RFC 1912 2.1).`;
    return { severity, text, owner, fix: `Have the provider of ${ip} set a PTR record to the server's name` };
  }
  if (confirmed) return { severity: 'ok', text: `${ip} is ${names[0]}, and that name resolves back to it.` };
  const text = `${ip} claims to be ${names[0]}, but that name does not resolve back to it.`;
  return { severity, text, owner, fix: `Make ${names[0]} resolve to ${ip}, or the PTR record name the right host` };
}

const ORDER: Readonly<Record<PeerFinding['severity'], number>> = { error: 0, warning: 1, info: 2, ok: 3 };

/** Most important first; equals stay as they were. */
export function sortFindings(findings: readonly PeerFinding[]): PeerFinding[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/**
 * Look-ups that failed for want of name servers say one thing: the first of them speaks for all.
 */
export function joinUnanswered(findings: readonly PeerFinding[]): PeerFinding[] {
  const isUnanswered = ({ owner, severity }: PeerFinding): boolean => owner === 'dns' && severity === 'warning';
  const all = findings.filter(isUnanswered);
  const [first] = all;
  if (first === undefined || all.length < 3) return [...findings];
  const rest = findings.filter((finding) => !isUnanswered(finding));
  return [...rest, { ...first, text: `${first.text} ${all.length - 1} more look-ups got no answer either.` }];
}
