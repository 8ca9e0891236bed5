import type { DnsAnswer } from '../dns/resolver.ts';
import { BLOCKLIST_ERRORS, BLOCKLISTS } from './data/blocklists.ts';
import { failureWords } from './lookup-state.ts';
import type { BlocklistEntry } from './section-schemas.ts';

type Verdict = Pick<BlocklistEntry, 'state' | 'codes' | 'words'>;

/** What a list says of its own test entries (RFC 5782 5): 127.0.0.2 must be listed, 127.0.0.1 must not. */
export interface ListHealth {
  listed: DnsAnswer<string>;
  unlisted: DnsAnswer<string>;
  /** The same of ::FFFF:7F00:2, for an IPv6 address: a list of IPv4 addresses says "not listed" to every other. */
  listed6?: DnsAnswer<string>;
}

/** Codes that are kept of one answer. */
const MAX_CODES = 5;

/** Reads a list's answer about one address. Only an answer inside 127.0.0.0/8 that is no error is a listing. */
export function readBlocklistAnswer(list: string, answer: DnsAnswer<string>, health: ListHealth): Verdict {
  const codes = answer.records.slice(0, MAX_CODES);
  const error = codes.map(errorOf).find((words) => words !== undefined);
  if (error !== undefined) return { state: 'refused', codes, words: `${list} refuses: ${error}.` };
  switch (answer.status) {
    case 'ok':
      return readCodes(list, codes, health);
    case 'nxdomain':
    case 'nodata':
      return notListed(list, health);
    case 'timeout':
      return { state: 'timeout', codes, words: failureWords(list, 'timeout') };
    case 'refused':
      return { state: 'refused', codes, words: failureWords(list, 'refused') };
    case 'servfail':
    case 'dnssec':
    case 'invalid':
      return { state: 'failed', codes, words: failureWords(list, answer.status) };
  }
}

function readCodes(list: string, codes: string[], { unlisted }: ListHealth): Verdict {
  const foreign = codes.find((code) => !code.startsWith('127.'));
  if (foreign !== undefined) {
    const words = `${list} seems to answer ${foreign}: a resolver on the way rewrites answers, or the list is gone.`;
    return { state: 'failed', codes, words };
  }
  if (unlisted.records.some((code) => code.startsWith('127.') && errorOf(code) === undefined)) {
    return { state: 'failed', codes, words: `${list} lists everything, also 127.0.0.1: it is dead, not a listing.` };
  }
  const known = BLOCKLISTS[list]?.codes ?? {};
  const meanings = [...new Set(codes.map((code) => known[code] ?? `code ${code}`))];
  return { state: 'listed', codes, words: `Listed by ${list} (${meanings.join('; ')}).` };
}

/** Silence about an address is worth something only from a list that knows its test entry. */
function notListed(list: string, { listed, listed6 }: ListHealth): Verdict {
  const error = listed.records.map(errorOf).find((words) => words !== undefined);
  if (error !== undefined) return { state: 'refused', codes: [], words: `${list} refuses: ${error}.` };
  if (listed.status === 'nxdomain' || listed.status === 'nodata') {
    const words = `${list} does not know its own test entry 127.0.0.2: it is gone, or does not serve this resolver.`;
    return { state: 'failed', codes: [], words };
  }
  if (listed6?.status === 'nxdomain' || listed6?.status === 'nodata') {
    const words = `${list} does not know the test entry for IPv6 addresses (RFC 5782 5), so what it does not list says nothing.`;
    return { state: 'failed', codes: [], words };
  }
  return { state: 'not-listed', codes: [], words: `Not listed by ${list}.` };
}

function errorOf(code: string): string | undefined {
  if (BLOCKLIST_ERRORS[code] !== undefined) return BLOCKLIST_ERRORS[code];
  return code.startsWith('127.255.255.') ? `it answers with the error code ${code}` : undefined;
}
