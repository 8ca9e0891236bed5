import type { DnsAnswer } from '../../dns/resolver.ts';
import type { ProbeReport } from '../report.ts';

/** What DNSSEC says of the names on the way, as in the JSON contract. */
export type Dnssec = ProbeReport['dnssec'];

/** From best to worst; one name that is not signed makes the whole way so (RFC 7672 2.2.1 wants every step secure). */
const ORDER: readonly Dnssec[] = ['secure', 'unknown', 'insecure', 'bogus'];

/** What one answer says. A look-up that failed, or a resolver that was not asked, says nothing. */
export function dnssecOf({ status, secure }: DnsAnswer<unknown>): Dnssec {
  if (status === 'dnssec') return 'bogus';
  const answered = status === 'ok' || status === 'nodata' || status === 'nxdomain';
  if (!answered || secure === undefined) return 'unknown';
  return secure ? 'secure' : 'insecure';
}

/** What several names say together: the worst of them; `unknown` for none. */
export function joinDnssec(each: readonly Dnssec[]): Dnssec {
  if (each.length === 0) return 'unknown';
  return each.reduce((worst, one) => (ORDER.indexOf(one) > ORDER.indexOf(worst) ? one : worst));
}
