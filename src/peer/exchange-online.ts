import ipaddr from 'ipaddr.js';
import { parseCidr } from '../config.ts';
import { EXCHANGE_MX_SUFFIXES, type ExchangeRanges, RELAY_POOL } from './data/exchange-online-ranges.ts';
import { isBelow } from './name-suffix.ts';
import type { ExchangeOnlineSection } from './section-schemas.ts';

type Pool = ExchangeOnlineSection['addresses'][number]['pool'];

const HIGH_RISK = ' Whether mail left by the high-risk pool stands in its trace only (OutboundIpPoolName).';

/** Which of these addresses and MX hosts are Exchange Online's, by the ranges of a day. Pure. */
export function exchangeMembership(
  ips: readonly string[],
  mxHosts: readonly string[],
  ranges: ExchangeRanges,
): ExchangeOnlineSection {
  const addresses = ips.map((ip) => ({ ip, pool: poolOf(ip, ranges) }));
  const named = mxHosts.filter((host) => EXCHANGE_MX_SUFFIXES.some((suffix) => isBelow(host, suffix)));
  const section = { addresses, mxHosts: named, rangesOf: ranges.date };
  const relayed = addresses.find(({ pool }) => pool === 'relay');
  if (relayed !== undefined) {
    const words = `${relayed.ip} is in Exchange Online's relay pool: mail that Microsoft only passes on. Its SPF record does not name this pool.`;
    return { ...section, state: 'ok', words };
  }
  const published = addresses.filter(({ pool }) => pool === 'published');
  if (published.length > 0) {
    const what =
      published.length === 1 && addresses.length === 1
        ? `${published[0]?.ip} is`
        : `${published.length} of ${addresses.length} addresses are`;
    // The high-risk delivery pool has no published addresses of its own: only the sender's trace tells.
    const pool = addresses.length === 1 && mxHosts.length === 0 ? HIGH_RISK : '';
    return { ...section, state: 'ok', words: `${what} Exchange Online's, by the ranges of ${ranges.date}.${pool}` };
  }
  if (named.length > 0) {
    return {
      ...section,
      state: 'ok',
      words: `${named[0]} is a name of Exchange Online; its address is not in the published ranges.`,
    };
  }
  // Never a hard no: sovereign clouds and ranges younger than the list are not in it.
  const words = `Not in Exchange Online's published ranges of ${ranges.date}; sovereign clouds are not in that list.`;
  return { ...section, state: 'absent', words };
}

function poolOf(ip: string, { ranges }: ExchangeRanges): Pool {
  if (isInside(ip, RELAY_POOL)) return 'relay';
  return isInside(ip, ranges) ? 'published' : 'unpublished';
}

function isInside(ip: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  return ranges.some((text) => {
    const range = parseCidr(text);
    return range !== undefined && range[0].kind() === address.kind() && address.match(range[0], range[1]);
  });
}
