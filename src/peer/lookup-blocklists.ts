import { isIPv6 } from 'node:net';
import type { DnsAnswer, DnsResolver } from '../dns/resolver.ts';
import { reverseName } from '../dns/reverse-name.ts';
import { type ListHealth, readBlocklistAnswer } from './blocklist-answer.ts';
import { clip } from './clip.ts';
import { BLOCKLISTS } from './data/blocklists.ts';
import { isInsideAddress } from './inside-address.ts';
import type { BlocklistEntry, BlocklistsSection, Lookup } from './section-schemas.ts';

/** Bounds: each address costs a question a list. */
const MAX_LISTS = 20;
const MAX_ADDRESSES = 4;

/** ::FFFF:7F00:2 as lists hold it, which every list of IPv6 addresses must (RFC 5782 5). */
const LISTED_6 = `2.0.0.0.0.0.f.7.f.f.f.f${'.0'.repeat(20)}`;

/** Asks each list about each address, with the list's own test entries beside it (RFC 5782 2.1, 2.4, 5). */
export async function lookupBlocklists(
  ips: readonly string[],
  lists: readonly string[],
  resolver: DnsResolver,
): Promise<BlocklistsSection> {
  // No list holds an inside address, and asking would only tell strangers about a network.
  const asked = ips.filter((ip) => !isInsideAddress(ip)).slice(0, MAX_ADDRESSES);
  if (asked.length === 0) {
    const words = ips.length === 0 ? 'There is no address to ask for.' : 'Private addresses are on no list.';
    return { state: 'not-asked', words, entries: [] };
  }
  if (lists.length === 0) return { state: 'not-asked', words: 'No block list is configured.', entries: [] };
  const zones = [...new Set(lists.map((list) => list.toLowerCase().replace(/\.$/, '')))].slice(0, MAX_LISTS);
  const perList = await Promise.all(zones.map((list) => askList(list, asked, resolver)));
  // By address, in the order of the lists.
  const entries = asked.flatMap((_, at) => perList.map((row) => row[at]).filter((entry) => entry !== undefined));
  return { ...summary(entries), entries };
}

async function askList(list: string, ips: readonly string[], resolver: DnsResolver): Promise<BlocklistEntry[]> {
  const health = Promise.all([resolver.a(`2.0.0.127.${list}`), resolver.a(`1.0.0.127.${list}`)]);
  const both = health.then(([listed, unlisted]): ListHealth => ({ listed, unlisted }));
  const unsure = ips.some(isIPv6) && BLOCKLISTS[list]?.ipv6 !== true;
  const health6 = unsure ? withListed6(both, resolver.a(`${LISTED_6}.${list}`)) : both;
  return Promise.all(ips.map((ip) => askAddress(list, ip, isIPv6(ip) ? health6 : both, resolver)));
}

async function withListed6(health: Promise<ListHealth>, listed6: Promise<DnsAnswer<string>>): Promise<ListHealth> {
  const [both, six] = await Promise.all([health, listed6]);
  return { ...both, listed6: six };
}

async function askAddress(
  list: string,
  ip: string,
  health: Promise<ListHealth>,
  resolver: DnsResolver,
): Promise<BlocklistEntry> {
  const name = `${(reverseName(ip) ?? '').replace(/\.(?:in-addr|ip6)\.arpa$/, '')}.${list}`;
  const [answer, known] = await Promise.all([resolver.a(name), health]);
  const verdict = readBlocklistAnswer(list, answer, known);
  const reason = verdict.state === 'listed' ? (await resolver.txt(name)).records[0] : undefined;
  return { ip, list, ...verdict, reason: reason === undefined ? null : clip(reason, 300) };
}

function summary(entries: readonly BlocklistEntry[]): Lookup {
  const of = (state: BlocklistEntry['state']): BlocklistEntry[] => entries.filter((entry) => entry.state === state);
  const listed = of('listed');
  const lists = new Set(entries.map(({ list }) => list)).size;
  const first = listed[0];
  if (first !== undefined) {
    const by = new Set(listed.map(({ list }) => list)).size;
    return { state: 'wrong', words: `${first.ip}: ${first.words} ${by} of ${lists} lists.` };
  }
  const clean = new Set(of('not-listed').map(({ list }) => list)).size;
  if (clean === 0) {
    const state = of('timeout').length === entries.length ? 'timeout' : 'failed';
    return { state, words: entries[0]?.words ?? 'No list answered.' };
  }
  const mute = lists - clean;
  const rest = mute === 0 ? '' : `; ${mute} did not say`;
  return { state: 'ok', words: `Not listed: ${clean} of ${lists} lists asked${rest}.` };
}
