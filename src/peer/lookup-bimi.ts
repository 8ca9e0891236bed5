import type { DnsResolver } from '../dns/resolver.ts';
import { clip } from './clip.ts';
import { isUnanswered, missing } from './lookup-state.ts';
import { mailauthResolver } from './mailauth-resolver.ts';
import { organizationalDomain } from './org-domain.ts';
import { remember } from './remember.ts';
import type { BimiSection } from './section-schemas.ts';
import { parseTags } from './tags.ts';

const EMPTY = { record: null, location: null, authority: null };

/** Looks up the BIMI record that holds for a domain: its own, else that of its organizational domain. Fetches no logo. */
export async function lookupBimi(domain: string, dns: DnsResolver): Promise<BimiSection> {
  const resolver = remember(dns);
  const organization = await organizationalDomain(domain);
  const names = [...new Set([`default._bimi.${domain}`, `default._bimi.${organization}`])];
  const answers = await Promise.all(names.map((name) => resolver.txt(name)));
  const found = answers.find(({ status }) => status === 'ok' || status === 'invalid' || isUnanswered(status));
  if (found === undefined) return { ...EMPTY, state: 'absent', words: `${domain} publishes no BIMI logo.` };
  if (found.status !== 'ok') return { ...EMPTY, ...missing(`BIMI of ${domain}`, found.status, '') };
  return evaluate(domain, organization, found.records, resolver);
}

async function evaluate(
  domain: string,
  organization: string,
  records: readonly string[],
  resolver: DnsResolver,
): Promise<BimiSection> {
  const record = clip(records[0] ?? '');
  const wrong = (what: string): BimiSection => ({
    ...EMPTY,
    record,
    state: 'wrong',
    words: `The BIMI record of ${domain} cannot be used: ${what}.`,
  });
  if (records.length > 1) return wrong(`there are ${records.length} where one must stand`);
  const { tags, problems } = parseTags(record);
  const [problem] = problems;
  // mailauth throws for some of these, as for a tag without a value.
  if (problem !== undefined) return wrong(problem);
  if (tags.get('v') === 'BIMI1' && tags.get('l') === '' && (tags.get('a') ?? '') === '') {
    // Both empty: the domain declines to have a logo.
    return { ...EMPTY, record, state: 'ok', words: `${domain} says that it wants no BIMI logo.` };
  }
  const { bimi } = await import('mailauth/lib/bimi/index.js');
  // mailauth asks for a message that passed DMARC first; what is wanted here is the record.
  const dmarc = { domain: organization, policy: 'reject', status: { result: 'pass', header: { from: domain } } };
  const evaluated = await bimi({ dmarc: dmarc as never, resolver: mailauthResolver(resolver).resolve });
  if (evaluated === false) return wrong('it cannot be evaluated');
  const { status, location, authority } = evaluated;
  if (status.result !== 'pass')
    return wrong(clip(typeof status.comment === 'string' ? status.comment : status.result, 100));
  const proof = authority === undefined ? ', without a certificate' : '';
  return {
    record,
    location: location === undefined ? null : clip(location, 500),
    authority: authority === undefined ? null : clip(authority, 500),
    state: 'ok',
    words: `BIMI logo published${proof}.`,
  };
}
