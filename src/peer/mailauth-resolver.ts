import type { DnsAnswer, DnsResolver } from '../dns/resolver.ts';
import { type DnsFailure, isUnanswered } from './lookup-state.ts';
import { MAX_TERM } from './spf/spf-record.ts';

/** A question that the DNS did not answer. */
export interface Unanswered {
  name: string;
  status: DnsFailure;
}

/** DNS in the form that mailauth asks for, over our own resolver. */
export interface MailauthResolver {
  resolve(name: string, type: string): Promise<string[][] | string[]>;
  /** Look-ups that brought no answer: mailauth tells a few of them apart, we tell all. */
  readonly unanswered: readonly Unanswered[];
}

/** What one evaluation adds to the DNS. */
export interface MailauthResolverOptions {
  /** The address whose PTR records an SPF `ptr` asks for. */
  ip?: string;
  /** TXT records to give for a name instead of what DNS has. */
  txt?: Readonly<Record<string, string>>;
}

/**
 * Wraps a resolver for mailauth. It reads the codes of node:dns: ENOTFOUND and ENODATA are empty answers, ETIMEOUT and
 * EREFUSED temporary errors (RFC 7208 2.6.6). Any other code it takes for a bug in an include and goes on, so SERVFAIL is
 * handed over as a time-out and kept as what it was in `unanswered`.
 */
export function mailauthResolver(resolver: DnsResolver, options: MailauthResolverOptions = {}): MailauthResolver {
  const unanswered: Unanswered[] = [];
  const records = <T>(name: string, answer: DnsAnswer<T>): T[] => {
    if (answer.status === 'ok') return answer.records;
    if (isUnanswered(answer.status)) {
      unanswered.push({ name, status: answer.status });
      throw codedError(answer.status === 'refused' ? 'EREFUSED' : 'ETIMEOUT');
    }
    throw codedError(answer.status === 'nxdomain' ? 'ENOTFOUND' : 'ENODATA');
  };
  return {
    unanswered,
    async resolve(name, type) {
      switch (type) {
        case 'TXT': {
          const given = options.txt?.[name];
          if (given !== undefined) return [[given]];
          return records(name, await resolver.txt(name)).map((text) => [boundTerms(text)]);
        }
        case 'A':
          return records(name, await resolver.a(name));
        case 'AAAA':
          return records(name, await resolver.aaaa(name));
        case 'MX': {
          const hosts = records(name, await resolver.mx(name));
          // mailauth declares text here and reads `exchange` and `priority` as node:dns gives them.
          return hosts.map(({ host, preference }) => ({
            exchange: host,
            priority: preference,
          })) as unknown as string[];
        }
        case 'PTR':
          if (options.ip === undefined) throw codedError('ENODATA');
          return records(options.ip, await resolver.ptr(options.ip));
        default:
          throw codedError('ENODATA');
      }
    },
  };
}

/**
 * mailauth checks names with a pattern that is slow on a long label, and macros let a record make names far longer than
 * itself. No term of an SPF record that works is this long; one that is makes it a record that cannot be read (permerror).
 */
function boundTerms(record: string): string {
  const tooLong = /^v=spf1/i.test(record) && record.split(/\s+/).some((term) => term.length > MAX_TERM);
  return tooLong ? 'v=spf1 include:' : record;
}

function codedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
