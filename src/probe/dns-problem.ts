import type { DnsAnswer } from '../dns/resolver.ts';
import type { Cause, Owner } from '../vocabulary.ts';
import type { Problem } from './problem.ts';

type Failure = Exclude<DnsAnswer<never>['status'], 'ok'>;

const WORDS: Readonly<Record<Failure, [Cause<'DnsFailure'>, string]>> = {
  nxdomain: ['nxdomain', 'the name does not exist (NXDOMAIN)'],
  nodata: ['no-address', 'the name exists but has no address'],
  servfail: ['servfail', 'its name servers cannot answer (SERVFAIL)'],
  timeout: ['timeout', 'its name servers do not answer'],
  refused: ['lookup-failed', 'the look-up was refused'],
  invalid: ['lookup-failed', 'the DNS answer cannot be used'],
};

/** A look-up that leaves nothing to connect to. The owner is whoever keeps the zone, unless the resolver itself refused. */
export function dnsProblem(status: Failure, what: string): Problem {
  const [cause, words] = WORDS[status];
  return problemOf(cause, `${what}: ${words}`, status === 'refused' ? 'network' : 'dns');
}

/** RFC 7505: the domain says that it takes no mail. */
export function nullMxProblem(domain: string): Problem {
  return problemOf('null-mx', `${domain} says that it accepts no mail (null MX, RFC 7505)`, 'recipient');
}

/** Neither MX nor, for the implicit MX of RFC 5321 5.1, an address. */
export function noMailRouteProblem(domain: string): Problem {
  return problemOf('no-address', `${domain} has neither MX nor address records`);
}

/** An MX host without an address. */
export function noAddressProblem(host: string): Problem {
  return problemOf('no-address', `MX host ${host} has no address`);
}

/** An MX record whose target cannot be a host name (RFC 5321 5.1, RFC 1035 3.3.9). */
export function invalidMxProblem(host: string): Problem {
  return problemOf('invalid-mx', `the MX record points at the address ${host}, where a host name must stand`);
}

function problemOf(cause: Cause<'DnsFailure'>, words: string, owner: Owner = 'dns'): Problem {
  return { errorType: 'DnsFailure', cause, owner, stage: 'dns', words };
}
