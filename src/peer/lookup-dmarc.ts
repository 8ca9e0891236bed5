import type { DnsResolver } from '../dns/resolver.ts';
import { clip } from './clip.ts';
import { isUnanswered, missing } from './lookup-state.ts';
import { mailauthResolver } from './mailauth-resolver.ts';
import { organizationalDomain } from './org-domain.ts';
import { remember } from './remember.ts';
import { type DmarcSection, NO_DMARC } from './section-schemas.ts';
import { parseTags } from './tags.ts';

/** Report addresses that are kept. */
const MAX_REPORTS = 5;

const POLICIES = ['none', 'quarantine', 'reject'] as const;
type Policy = (typeof POLICIES)[number];

/** Looks up the DMARC policy in force for a domain: its own, else that of its organizational domain (RFC 7489 6.6.3). */
export async function lookupDmarc(domain: string, dns: DnsResolver): Promise<DmarcSection> {
  const resolver = remember(dns);
  const organization = await organizationalDomain(domain);
  const places = organization === domain ? [domain] : [domain, organization];
  for (const place of places) {
    const answer = await resolver.txt(`_dmarc.${place}`);
    if (answer.status !== 'ok') {
      // A receiver that cannot ask puts the mail off; it does not go on to the next place.
      if (isUnanswered(answer.status)) {
        return { ...NO_DMARC, at: place, ...missing(`The DMARC record of ${place}`, answer.status, '') };
      }
      continue;
    }
    const found = answer.records.filter((text) => /^v\s*=\s*DMARC1\b/i.test(text.trim()));
    if (found.length > 1) {
      const words = `${place} has ${found.length} DMARC records where one must stand: receivers act as if there were none.`;
      return { ...NO_DMARC, at: place, state: 'wrong', words, record: clip(found[0] ?? '') };
    }
    if (found.length === 1) return inForce(domain, place, resolver);
    const [near] = answer.records;
    if (near !== undefined && /dmarc|(?:^|;)\s*p\s*=/i.test(near)) {
      const words = `${place} has a record that looks like DMARC and is none: it must begin with "v=DMARC1".`;
      return { ...NO_DMARC, at: place, state: 'wrong', words, record: clip(near) };
    }
  }
  return { ...NO_DMARC, state: 'absent', words: `${domain} publishes no DMARC policy.` };
}

/** The policy as mailauth evaluates it for mail that passes neither SPF nor DKIM. */
async function inForce(domain: string, at: string, resolver: DnsResolver): Promise<DmarcSection> {
  const { dmarc } = await import('mailauth/lib/dmarc/index.js');
  const evaluated = await dmarc({ headerFrom: domain, resolver: mailauthResolver(resolver).resolve });
  const record = (evaluated === false ? undefined : evaluated.rr) ?? '';
  const { tags, problems } = parseTags(record);
  const policy = asPolicy(evaluated === false ? undefined : evaluated.policy);
  const own = asPolicy(tags.get('p'));
  const percent = tags.has('pct') ? Number(tags.get('pct')) : 100;
  const reports = reportAddresses(tags.get('rua') ?? '');
  const warnings = [
    ...problems,
    ...(tags.has('sp') && asPolicy(tags.get('sp')) === null ? ['sp= is none of none, quarantine, reject'] : []),
    ...(percent >= 0 && percent <= 100 ? [] : ['pct= is not a number from 0 to 100']),
    ...(percent > 0 && percent < 100 && policy !== 'none' ? [`only ${percent} % of failing mail is acted upon`] : []),
    ...(reports.length === 0 ? ['nobody gets reports (rua=)'] : []),
    ...(await unauthorized(at, reports, resolver)),
  ];
  const section = {
    record: clip(record),
    at,
    policy,
    subdomainPolicy: asPolicy(tags.get('sp')) ?? own,
    percent: Number.isFinite(percent) ? percent : null,
    reportsTo: reports,
    warnings: warnings.slice(0, 5),
  };
  if (own === null) {
    const said = tags.get('p');
    const what = said === undefined ? 'has no policy (p=)' : `has the unknown policy "${clip(said, 30)}"`;
    return { ...section, state: 'wrong', words: `The DMARC record of ${at} ${what}: receivers act on nothing.` };
  }
  const inherited = at === domain ? '' : ` from ${at}`;
  return { ...section, state: 'ok', words: `DMARC ${policy ?? own}${inherited}.` };
}

/**
 * Report addresses in other organizations that have not agreed to take reports of this domain: nobody sends there
 * (RFC 7489 7.1). An answer that does not come is no reason to say so.
 */
async function unauthorized(domain: string, reports: readonly string[], resolver: DnsResolver): Promise<string[]> {
  const organization = await organizationalDomain(domain);
  const checked = reports.map(async (address) => {
    const host = address
      .slice(address.lastIndexOf('@') + 1)
      .replace(/!.*$/, '')
      .toLowerCase();
    if ((await organizationalDomain(host)) === organization) return [];
    const answer = await resolver.txt(`${domain}._report._dmarc.${host}`);
    const agreed = answer.records.some((text) => /^v\s*=\s*DMARC1\b/i.test(text.trim()));
    if (agreed || isUnanswered(answer.status)) return [];
    return [`${clip(host, 100)} has not agreed to take reports (${domain}._report._dmarc.${clip(host, 100)})`];
  });
  return (await Promise.all(checked)).flat();
}

/** mailauth gives what is no text for a tag without a value. */
function asPolicy(value: unknown): Policy | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return POLICIES.find((policy) => policy === text) ?? null;
}

function reportAddresses(rua: string): string[] {
  return rua
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => /^mailto:[^\s@]+@[^\s@]+$/i.test(uri))
    .slice(0, MAX_REPORTS)
    .map((uri) => clip(uri.slice('mailto:'.length), 200));
}
