import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { DnsResolver } from '../dns/resolver.ts';
import { type DnsStatus, failureWords, lookupState, worstState } from './lookup-state.ts';
import type { PeerReport } from './report.ts';
import { type Lookup, notAsked } from './section-schemas.ts';

/** Names asked forward for one address. */
const MAX_NAMES = 5;

/** What reverse DNS says of one address. */
export interface ReverseDns {
  entry: PeerReport['ptr'][number];
  /** How the look-up of the PTR records ended: without it "no names" could mean that nobody knows. */
  status: DnsStatus;
}

/** PTR names of an address, and whether one of them resolves back to it (forward-confirmed reverse DNS, RFC 8601 2.7.3). */
export async function reverseDns(ip: string, resolver: DnsResolver): Promise<ReverseDns> {
  const { records, status } = await resolver.ptr(ip);
  const names = records.slice(0, MAX_NAMES);
  const forward = await Promise.all(names.map((name) => (isIPv4(ip) ? resolver.a(name) : resolver.aaaa(name))));
  const same = (other: string): boolean =>
    ipaddr.isValid(other) && ipaddr.process(other).toString() === ipaddr.process(ip).toString();
  const confirmed = forward.some((answer) => answer.records.some(same));
  const state = status === 'ok' && !confirmed ? 'wrong' : lookupState(status);
  return { entry: { ip, names, confirmed, state }, status };
}

/** One state for all addresses: `ok` when each has a name that leads back. */
export function ptrLookup(found: readonly ReverseDns[]): Lookup {
  if (found.length === 0) return notAsked('There is no address to look up.');
  const confirmed = found.filter(({ entry }) => entry.confirmed).length;
  const words = `${confirmed} of ${found.length} ${found.length === 1 ? 'address has' : 'addresses have'} a name that leads back.`;
  if (confirmed === found.length) return { state: 'ok', words };
  const open = found.filter(({ entry }) => !entry.confirmed);
  const state = worstState(open.map(({ entry }) => entry.state ?? 'absent'));
  const silent = open.find(({ entry }) => entry.state === state);
  if (silent !== undefined && silent.status !== 'ok' && (state === 'timeout' || state === 'failed')) {
    return { state, words: failureWords(`The reverse name of ${silent.entry.ip}`, silent.status) };
  }
  return { state, words };
}
