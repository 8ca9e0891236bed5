import type { DnsResolver } from '../../dns/resolver.ts';
import { clip } from '../clip.ts';
import { mailauthResolver, type Unanswered } from '../mailauth-resolver.ts';
import type { SpfSection } from '../section-schemas.ts';
import { isSpfRecord, parseSpf, type SpfTerm } from './spf-record.ts';

/** The verdicts of RFC 7208 2.6. */
export type SpfResult = SpfSection['evaluations'][number]['result'];

/** What check_host says of one address. */
export interface SpfEvaluation {
  result: SpfResult;
  /** mailauth's reason for an error. */
  reason: string | null;
  voids: number;
  unanswered: readonly Unanswered[];
}

const RESULTS: readonly SpfResult[] = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'];

/** Includes that the search for the deciding mechanism goes down. */
const MAX_DEPTH = 5;
/** Terms of one record that it tries. */
const MAX_TERMS = 50;

/** What a receiver would make of mail of `domain` that comes from `ip` (RFC 7208 check_host), evaluated by mailauth. */
export async function evaluateSpf(
  domain: string,
  ip: string,
  resolver: DnsResolver,
  txt: Readonly<Record<string, string>> = {},
): Promise<SpfEvaluation> {
  // Only looked at when there is a record: the library takes a tenth of a second to load.
  const { spf } = await import('mailauth/lib/spf/index.js');
  const dns = mailauthResolver(resolver, { ip, txt });
  const sender = `postmaster@${domain}`;
  const { status, lookups } = await spf({ sender, ip, helo: domain, mta: 'mailmedic', resolver: dns.resolve });
  const result = RESULTS.find((known) => known === status.result) ?? 'temperror';
  const comment = typeof status.comment === 'string' ? status.comment : '';
  const reason = comment.split(`lookup of ${sender}: `)[1];
  return {
    result,
    reason: reason === undefined ? null : clip(reason, 200),
    voids: lookups?.void ?? 0,
    unanswered: dns.unanswered,
  };
}

/**
 * The term that decided, with the includes that lead to it: `include:spf.contoso.example › ip4:192.0.2.0/24`. mailauth
 * gives only the result, so each term is evaluated alone, in the order of the record, until one matches.
 */
export async function decidingTerm(
  domain: string,
  record: string,
  ip: string,
  resolver: DnsResolver,
  depth = 0,
): Promise<string | null> {
  const terms = parseSpf(record).slice(0, MAX_TERMS);
  for (const term of terms) {
    if (term.kind === 'all') return term.text;
    if (term.kind === 'modifier' || term.kind === 'exp' || term.kind === 'redirect') continue;
    const { result } = await evaluateSpf(domain, ip, resolver, { [domain]: `v=spf1 ${bare(term)}` });
    if (result !== 'pass') continue;
    return term.kind === 'include' ? within(term, ip, resolver, depth) : clip(term.text, 200);
  }
  const redirect = terms.find(({ kind }) => kind === 'redirect');
  return redirect === undefined ? null : within(redirect, ip, resolver, depth);
}

async function within(term: SpfTerm, ip: string, resolver: DnsResolver, depth: number): Promise<string> {
  const shown = clip(term.text, 200);
  const target = term.value.toLowerCase().replace(/\.$/, '');
  if (depth >= MAX_DEPTH || target.includes('%')) return shown;
  const record = (await resolver.txt(target)).records.find(isSpfRecord);
  const inner = record === undefined ? null : await decidingTerm(target, record, ip, resolver, depth + 1);
  return inner === null ? shown : `${shown} › ${inner}`;
}

/** The term without its sign: a match is then a pass. */
function bare({ text }: SpfTerm): string {
  return text.replace(/^[-+~?]/, '');
}
