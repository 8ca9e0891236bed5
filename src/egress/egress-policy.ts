import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseCidr } from '../config.ts';

/** What a probe may reach: `egress` of the configuration. */
export interface EgressPolicy {
  /** CIDR ranges and addresses that the operator named. */
  allow: readonly string[];
  ports: readonly number[];
}

/** Which rule forbids a connection. */
export type EgressRule = 'address-range' | 'port' | 'not-an-address';

/** Whether a connection may be made, and why not in words. */
export type EgressDecision = { allowed: true } | { allowed: false; rule: EgressRule; reason: string };

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

const GLOBAL_UNICAST: Range = ipaddr.parseCIDR('2000::/3');
const compiled = new WeakMap<EgressPolicy, Range[]>();

/** Words for the special ranges of the IANA registries (RFC 6890) as ipaddr.js names them. */
const RANGE_WORDS: Readonly<Record<string, string>> = {
  private: 'a private address (RFC 1918)',
  uniqueLocal: 'a private address (RFC 4193)',
  loopback: 'a loopback address',
  linkLocal: 'a link-local address, where cloud metadata services live',
  carrierGradeNat: 'a carrier-grade NAT address (RFC 6598)',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
  unspecified: 'the unspecified address',
  reserved: 'a reserved or documentation address',
  '6to4': 'a 6to4 address, which hides another one',
  teredo: 'a Teredo address, which hides another one',
  rfc6052: 'a NAT64 address, which hides another one',
  rfc6145: 'a translated address, which hides another one',
};

/** Host-only services at public addresses: Azure's platform (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16). */
const METADATA: readonly string[] = ['168.63.129.16'];

/**
 * May this address be dialled at this port? Pure; asked for the address actually dialled, right before each connection,
 * so that a name which resolves differently the second time gains nothing.
 *
 * Only global unicast passes by default. An address inside `allow` passes at any port: an operator who names a range has
 * decided about the hosts in it, and test servers rarely listen on port 25. Everything else is held to `ports`.
 */
export function decideEgress(ip: string, port: number, policy: EgressPolicy): EgressDecision {
  const address = parseAddress(ip);
  if (address === undefined) return { allowed: false, rule: 'not-an-address', reason: `${ip} is not an address` };
  if (rangesOf(policy).some((range) => isInside(address, range))) return { allowed: true };
  const special = specialRange(address);
  if (special !== undefined) return { allowed: false, rule: 'address-range', reason: `${ip} is ${special}` };
  if (!policy.ports.includes(port)) {
    return { allowed: false, rule: 'port', reason: `port ${port} is not one of ${policy.ports.join(', ')}` };
  }
  return { allowed: true };
}

/** What makes the address special, in words; undefined for global unicast. */
function specialRange(address: Address): string | undefined {
  const range = address.range();
  if (range !== 'unicast') return RANGE_WORDS[range] ?? `a special address (${range})`;
  if (METADATA.includes(address.toString())) return 'an address of a cloud metadata service';
  // RFC 4291 2.4: only 2000::/3 is allocated as global unicast; ::/96 among the rest holds IPv4 addresses.
  if (address.kind() === 'ipv6' && !isInside(address, GLOBAL_UNICAST))
    return 'outside the global unicast range 2000::/3';
  return undefined;
}

/** IPv4-mapped addresses are judged as the IPv4 address that the kernel would dial; a zone is refused. */
function parseAddress(ip: string): Address | undefined {
  // The usual case, without the many forms that ipaddr.js would try first.
  if (isIPv4(ip)) return ipaddr.IPv4.parse(ip);
  if (!ipaddr.isValid(ip) || ip.includes('%')) return undefined;
  // `127.1` and `0x7f.1` are valid to inet_aton but never come from DNS: only the plain form is read.
  if (!ip.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(ip)) return undefined;
  return ipaddr.process(ip);
}

function isInside(address: Address, [network, bits]: Range): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

/** A policy's ranges, read once: the decision is made before every connection. */
function rangesOf(policy: EgressPolicy): readonly Range[] {
  let ranges = compiled.get(policy);
  if (ranges === undefined) {
    ranges = policy.allow.map(parseCidr).filter((range) => range !== undefined);
    compiled.set(policy, ranges);
  }
  return ranges;
}
