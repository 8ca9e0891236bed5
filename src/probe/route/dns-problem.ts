import type { DnsAnswer } from '../../dns/resolver.ts';
import type { Cause, Owner } from '../../vocabulary.ts';
import type { Problem } from '../faults/problem.ts';

type Failure = Exclude<DnsAnswer<never>['status'], 'ok'>;

const WORDS: Readonly<Record<Failure, [Cause<'DnsFailure'>, string]>> = {
  nxdomain: ['nxdomain', 'the name does not exist (NXDOMAIN)'],
  nodata: ['no-address', 'exists but has no address'],
  servfail: ['servfail', 'its name servers cannot answer (SERVFAIL)'],
  dnssec: ['dnssec', 'the answer is withheld, because its DNSSEC signatures do not verify'],
  timeout: ['timeout', 'its name servers do not answer'],
  refused: ['lookup-failed', 'the DNS server refuses the look-up or cannot be reached'],
  invalid: ['lookup-failed', 'the DNS answer cannot be used'],
};

/** A look-up that leaves nothing to connect to. The owner is whoever keeps the zone, or the resolver that refuses it. */
export function dnsProblem(status: Failure, what: string): Problem {
  const [cause, words] = WORDS[status];
  const said = status === 'nodata' ? `${what.replace(/^\w+ of /, '')} ${words}` : `${what}: ${words}`;
  return problemOf(cause, said);
}

/** RFC 7505: the domain says that it takes no mail. */
export function nullMxProblem(domain: string): Problem {
  return problemOf('null-mx', `${domain} says that it accepts no mail (null MX, RFC 7505)`, 'recipient');
}

/** Neither MX nor, for the implicit MX of RFC 5321 5.1, an address. `alias` is what its CNAME names, if it has one. */
export function noMailRouteProblem(domain: string, alias: string | undefined): Problem {
  return problemOf('no-address', `${domain} ${aliasWords(alias)}has neither MX nor address records`);
}

/** An MX host without an address: the name is there without one, or (`nxdomain`) is not there at all. */
export function noAddressProblem(host: string, alias: string | undefined, found: Cause): Problem {
  const what = found === 'nxdomain' ? 'does not exist (NXDOMAIN), so it has no address' : 'has no address';
  return problemOf('no-address', `MX host ${host} ${aliasWords(alias)}${what}`);
}

/** An MX record whose target cannot be a host name (RFC 5321 5.1, RFC 1035 3.3.9). */
export function invalidMxProblem(host: string): Problem {
  return problemOf('invalid-mx', `the MX record points at the address ${host}, where a host name must stand`);
}

/** An MX record that names the machine of whoever asks. */
export function localMxProblem(host: string): Problem {
  return problemOf('invalid-mx', `the MX record points at ${host}, where each sender finds only itself`);
}

/** MX records of which none names something that can be looked up. */
export function unusableMxProblem(domain: string): Problem {
  return problemOf('invalid-mx', `the MX records of ${domain} name no host that can be looked up`);
}

function aliasWords(alias: string | undefined): string {
  return alias === undefined ? '' : `is an alias (CNAME) of ${alias} and `;
}

function problemOf(cause: Cause<'DnsFailure'>, words: string, owner: Owner = 'dns'): Problem {
  return { errorType: 'DnsFailure', cause, owner, stage: 'dns', words };
}
