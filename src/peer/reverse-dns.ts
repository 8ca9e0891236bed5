import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { DnsResolver } from '../dns/resolver.ts';
import type { PeerReport } from './report.ts';

/** Names asked forward for one address. */
const MAX_NAMES = 5;

/** PTR names of an address, and whether one of them resolves back to it (forward-confirmed reverse DNS, RFC 8601 2.7.3). */
export async function reverseDns(
  ip: string,
  resolver: DnsResolver,
  signal: AbortSignal,
): Promise<PeerReport['ptr'][number]> {
  const names = (await resolver.ptr(ip, signal)).records.slice(0, MAX_NAMES);
  const forward = await Promise.all(
    names.map((name) => (isIPv4(ip) ? resolver.a(name, signal) : resolver.aaaa(name, signal))),
  );
  const same = (other: string): boolean =>
    ipaddr.isValid(other) && ipaddr.process(other).toString() === ipaddr.process(ip).toString();
  return { ip, names, confirmed: forward.some(({ records }) => records.some(same)) };
}
