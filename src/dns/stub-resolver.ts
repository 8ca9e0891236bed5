import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import pLimit from 'p-limit';
import { errnoOf, UserError } from '../errors.ts';
import { answerTo } from './answer.ts';
import { askServers, type ServersSay } from './ask-servers.ts';
import { followAliases } from './follow-aliases.ts';
import { asciiHostName, isHostName } from './host-name.ts';
import type { DnsQuestion, RecordData, RecordType } from './question.ts';
import type { DnsAnswer, DnsResolver, MxRecord } from './resolver.ts';
import { reverseName } from './reverse-name.ts';
import { parseServer, type ServerAddress } from './server-address.ts';
import { abortable, shareQuestions } from './share-questions.ts';

const MAX_TXT_LENGTH = 4096;

/** Sockets that one resolver has open at a time; further questions wait. */
const MAX_SOCKETS = 256;

/** Aliases that are followed by asking again, for a server that leaves that to us (one that only serves its own zones). */
const MAX_HOPS = 8;

/** Whom a resolver asks, and how patiently. */
export interface ResolverOptions {
  /** `addr[:port]` or `[v6]:port`; without it the system's servers. */
  server?: string | undefined;
  /** Milliseconds until a question is asked again. */
  timeoutMs?: number;
  /** How often a silent server is asked. */
  tries?: number;
}

/**
 * A stub resolver: it asks recursive servers and believes their AD bit, so the way to them must be one that can be trusted
 * (RFC 4033 7). Node's own (c-ares) does not show that bit, and in Node 20 no TLSA records. NXDOMAIN, NODATA, SERVFAIL,
 * broken DNSSEC, REFUSED and silence are told apart. Without a configured server the hosts file counts too, and `localhost`
 * never leaves the machine (RFC 6761 6.3).
 * @throws UserError when `server` is not an address.
 */
export function createResolver(options: ResolverOptions = {}): DnsResolver {
  const { server, timeoutMs = 3000, tries = 2 } = options;
  const servers = server === undefined ? systemServers() : [configuredServer(server)];
  const share = shareQuestions<ServersSay>();
  const run = pLimit(MAX_SOCKETS);
  const local = server === undefined;

  async function ask<K extends RecordType>(
    question: DnsQuestion<K>,
    valid: (data: RecordData[K]) => boolean,
    signal: AbortSignal | undefined,
    arrange?: (data: RecordData[K][]) => RecordData[K][],
  ): Promise<DnsAnswer<RecordData[K]>> {
    let asked = question;
    let secure = true;
    for (let hops = 0; ; hops += 1) {
      const key = `${asked.type} ${asked.name.toLowerCase()}`;
      const one = asked;
      const work = (stop: AbortSignal): Promise<ServersSay> =>
        askServers(servers, one, tries, { timeoutMs, signal: stop, run });
      const said = await share(key, work, signal);
      const answer = answerTo(asked, said, valid, arrange);
      secure &&= answer.secure === true;
      const next = answer.status === 'nodata' && hops < MAX_HOPS ? unfollowedAlias(asked, said) : undefined;
      if (next === undefined) return hops === 0 || answer.secure === undefined ? answer : { ...answer, secure };
      asked = { ...asked, name: next };
    }
  }

  async function addresses(name: string, type: 'A' | 'AAAA', signal?: AbortSignal): Promise<DnsAnswer<string>> {
    const ascii = asciiHostName(name);
    if (ascii === undefined) return invalid();
    if (local && isLocalhost(ascii)) return { status: 'ok', records: [type === 'A' ? '127.0.0.1' : '::1'] };
    const answer = await ask({ name: ascii, type }, () => true, signal);
    if (!local || !['nxdomain', 'nodata', 'refused'].includes(answer.status)) return answer;
    const fromHosts = await abortable(lookupHosts(ascii, type === 'A' ? 4 : 6), signal);
    return fromHosts.length > 0 ? { status: 'ok', records: fromHosts } : answer;
  }

  return {
    server: server ?? 'system resolver',
    async mx(name, signal) {
      const ascii = asciiHostName(name);
      if (ascii === undefined) return invalid();
      if (local && isLocalhost(ascii)) return { status: 'nodata', records: [] };
      const valid = ({ host }: MxRecord): boolean => host === '' || isHostName(host);
      return ask({ name: ascii, type: 'MX' }, valid, signal, byPreference);
    },
    a: (name, signal) => addresses(name, 'A', signal),
    aaaa: (name, signal) => addresses(name, 'AAAA', signal),
    async cname(name, signal) {
      const ascii = asciiHostName(name);
      return ascii === undefined ? invalid() : ask({ name: ascii, type: 'CNAME' }, isHostName, signal);
    },
    async txt(name, signal) {
      const ascii = asciiHostName(name);
      const valid = (text: string): boolean => text.length <= MAX_TXT_LENGTH;
      return ascii === undefined ? invalid() : ask({ name: ascii, type: 'TXT' }, valid, signal);
    },
    async ptr(ip, signal) {
      const name = reverseName(ip);
      return name === undefined ? invalid() : ask({ name, type: 'PTR' }, isHostName, signal);
    },
    async tlsa(name, signal) {
      const ascii = asciiHostName(name);
      const valid = ({ data }: RecordData['TLSA']): boolean => data.length > 0;
      return ascii === undefined ? invalid() : ask({ name: ascii, type: 'TLSA' }, valid, signal);
    },
  };
}

function invalid(): DnsAnswer<never> {
  return { status: 'invalid', records: [] };
}

/** The alias at which the server has stopped, if it has not looked up what is behind it. */
function unfollowedAlias(question: DnsQuestion, said: ServersSay): string | undefined {
  if (question.type === 'CNAME' || said.status !== 'answered') return undefined;
  const followed = followAliases(question, said.message.answers);
  return followed === 'loop' || followed.at === question.name.toLowerCase() ? undefined : followed.at;
}

function configuredServer(server: string): ServerAddress {
  const parsed = parseServer(server);
  if (parsed !== undefined) return parsed;
  const what = `"${server}" is not a DNS server's address. Give an address with an optional port.`;
  throw new UserError(what, { example: 'MAILMEDIC_DNS=192.0.2.53:53' });
}

function systemServers(): ServerAddress[] {
  return getServers()
    .map(parseServer)
    .filter((server) => server !== undefined);
}

function byPreference(records: MxRecord[]): MxRecord[] {
  return records.sort((a, b) => a.preference - b.preference || a.host.localeCompare(b.host));
}

function isLocalhost(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'localhost' || lower.endsWith('.localhost');
}

/** What the hosts file knows, by way of the system's own look-up. */
async function lookupHosts(name: string, family: 4 | 6): Promise<string[]> {
  try {
    return (await lookup(name, { family, all: true })).map(({ address }) => address);
  } catch (error) {
    // It rejects for a name that it does not know, with the code of getaddrinfo; anything else is a bug.
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}
