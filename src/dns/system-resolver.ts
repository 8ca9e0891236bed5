import { lookup, Resolver } from 'node:dns/promises';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { messageOf, UserError } from '../errors.ts';
import { boundedAnswer, failedAnswer } from './answer.ts';
import { type DnsQuestion, isDnssecFailure } from './dnssec-check.ts';
import { asciiHostName, bareName, isHostName } from './host-name.ts';
import type { DnsAnswer, DnsResolver, MxRecord } from './resolver.ts';
import { reverseName } from './reverse-name.ts';

/** Bounds on what one answer may bring: a zone with a thousand MX records must not become a thousand probes. */
const MAX_RECORDS = 20;
const MAX_TXT_LENGTH = 4096;

/** Milliseconds that finding the reason of a SERVFAIL may take on top. */
const DNSSEC_CHECK_MS = 1000;

export interface ResolverOptions {
  /** `addr[:port]` or `[v6]:port`; without it the system's servers. */
  server?: string | undefined;
  /** Milliseconds until a question is asked again. */
  timeoutMs?: number;
  tries?: number;
}

/**
 * DNS over node:dns (c-ares). NXDOMAIN, NODATA, SERVFAIL, broken DNSSEC, REFUSED and silence are told apart. Without a configured server
 * the hosts file counts too, and `localhost` never leaves the machine (RFC 6761 6.3).
 * @throws UserError when `server` is not an address.
 */
export function createResolver(options: ResolverOptions = {}): DnsResolver {
  const { server } = options;
  const timeoutMs = options.timeoutMs ?? 3000;
  const resolver = new Resolver({ timeout: timeoutMs, tries: options.tries ?? 2 });
  if (server !== undefined) useServer(resolver, server);

  async function ask<T>(
    question: () => Promise<readonly T[]>,
    valid: (record: T) => boolean,
    signal: AbortSignal | undefined,
    asked?: DnsQuestion,
  ): Promise<DnsAnswer<T>> {
    try {
      return boundedAnswer(await abortable(question(), signal), MAX_RECORDS, valid);
    } catch (error) {
      if (signal?.aborted) throw error;
      const answer = failedAnswer(error);
      if (answer === undefined) throw error;
      if (answer.status !== 'servfail' || asked === undefined) return answer;
      const [first] = resolver.getServers();
      const check = first !== undefined && isDnssecFailure(first, asked, Math.min(timeoutMs, DNSSEC_CHECK_MS));
      return (await abortable(Promise.resolve(check), signal)) ? { status: 'dnssec', records: [] } : answer;
    }
  }

  async function addresses(name: string, family: 4 | 6, signal?: AbortSignal): Promise<DnsAnswer<string>> {
    const ascii = asciiHostName(name);
    if (ascii === undefined) return { status: 'invalid', records: [] };
    const local = server === undefined;
    if (local && isLocalhost(ascii)) return { status: 'ok', records: [family === 4 ? '127.0.0.1' : '::1'] };
    const valid = (ip: string): boolean => isIP(ip) === family;
    const resolve = (): Promise<string[]> => (family === 4 ? resolver.resolve4(ascii) : resolver.resolve6(ascii));
    const answer = await ask(resolve, valid, signal, { name: ascii, type: family === 4 ? 'A' : 'AAAA' });
    if (!local || !['nxdomain', 'nodata', 'refused'].includes(answer.status)) return answer;
    const fromHosts = await ask(() => lookupAll(ascii, family), valid, signal);
    return fromHosts.status === 'ok' ? fromHosts : answer;
  }

  return {
    server: server ?? 'system resolver',
    async mx(name, signal) {
      const ascii = asciiHostName(name);
      if (ascii === undefined) return { status: 'invalid', records: [] };
      if (server === undefined && isLocalhost(ascii)) return { status: 'nodata', records: [] };
      const question = async (): Promise<MxRecord[]> => {
        const records = await resolver.resolveMx(ascii);
        return records
          .map(({ exchange, priority }) => ({ host: bareName(exchange), preference: priority }))
          .sort((a, b) => a.preference - b.preference || a.host.localeCompare(b.host));
      };
      const valid = ({ host }: MxRecord): boolean => host === '' || isHostName(host);
      return ask(question, valid, signal, { name: ascii, type: 'MX' });
    },
    a: (name, signal) => addresses(name, 4, signal),
    aaaa: (name, signal) => addresses(name, 6, signal),
    async cname(name, signal) {
      const ascii = asciiHostName(name);
      if (ascii === undefined) return { status: 'invalid', records: [] };
      return ask(async () => (await resolver.resolveCname(ascii)).map(bareName), isHostName, signal);
    },
    async txt(name, signal) {
      const ascii = asciiHostName(name);
      if (ascii === undefined) return { status: 'invalid', records: [] };
      const question = async (): Promise<string[]> => (await resolver.resolveTxt(ascii)).map((parts) => parts.join(''));
      return ask(question, (text) => text.length <= MAX_TXT_LENGTH, signal);
    },
    async ptr(ip, signal) {
      const name = reverseName(ip);
      if (name === undefined) return { status: 'invalid', records: [] };
      return ask(async () => (await resolver.resolvePtr(name)).map(bareName), isHostName, signal);
    },
    tlsa: async () => ({ status: 'refused', records: [] }),
  };
}

function useServer(resolver: Resolver, server: string): void {
  try {
    resolver.setServers([server]);
  } catch (error) {
    const what = `"${server}" is not a DNS server's address (${messageOf(error)}).`;
    throw new UserError(`${what} Give an address with an optional port.`, { example: 'MAILMEDIC_DNS=192.0.2.53:53' });
  }
}

function isLocalhost(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'localhost' || lower.endsWith('.localhost');
}

async function lookupAll(name: string, family: 4 | 6): Promise<string[]> {
  return (await lookup(name, { family, all: true })).map(({ address }) => address);
}

/** c-ares cancels all questions of a resolver or none, so an abort leaves the question behind; it ends by its own timeout. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  // Many questions wait on one signal at a time; that is no leak to warn of.
  setMaxListeners(0, signal);
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
