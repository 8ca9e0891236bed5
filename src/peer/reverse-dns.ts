import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { DnsAnswer, DnsResolver } from '../dns/resolver.ts';
import type { PeerReport } from './report.ts';

/** Names asked forward for one address. */
const MAX_NAMES = 5;

/** What reverse DNS says of one address. */
export interface ReverseDns {
  entry: PeerReport['ptr'][number];
  /** How the look-up of the PTR records ended: without it "no names" could mean that nobody knows. */
  status: DnsAnswer<string>['status'];
}

/** PTR names of an address, and whether one of them resolves back to it (forward-confirmed reverse DNS, RFC 8601 2.7.3). */
export async function reverseDns(ip: string, resolver: DnsResolver): Promise<ReverseDns> {
  const { records, status } = await resolver.ptr(ip);
  const names = records.slice(0, MAX_NAMES);
  const forward = await Promise.all(names.map((name) => (isIPv4(ip) ? resolver.a(name) : resolver.aaaa(name))));
  const same = (other: string): boolean =>
    ipaddr.isValid(other) && ipaddr.process(other).toString() === ipaddr.process(ip).toString();
  return { entry: { ip, names, confirmed: forward.some((answer) => answer.records.some(same)) }, status };
}
