import type { DnsResolver } from '../../dns/resolver.ts';
import { clip } from '../clip.ts';
import { failureWords, lookupState, missing } from '../lookup-state.ts';
import type { Unanswered } from '../mailauth-resolver.ts';
import { remember } from '../remember.ts';
import type { Lookup, SpfSection } from '../section-schemas.ts';
import { decidingTerm, evaluateSpf, type SpfEvaluation } from './evaluate-spf.ts';
import { isSpfRecord, parseSpf } from './spf-record.ts';
import { type SpfTree, walkSpf } from './spf-tree.ts';

/** Limits of RFC 7208 4.6.4. */
const MAX_LOOKUPS = 10;
const MAX_VOIDS = 2;

/** An address that is nobody's (RFC 1112 4): what SPF says of it, it says of everybody. */
const NOBODY = '240.0.0.1';

/** Addresses that are evaluated. */
const MAX_EVALUATED = 4;

const OTHERS = { pass: 'pass', softfail: 'softfail', neutral: 'neutral', fail: 'fail' } as const;
const OTHERS_WORDS = {
  pass: 'anybody else may send too',
  softfail: 'everybody else is suspicious (softfail)',
  neutral: 'nothing is said of everybody else (neutral)',
  fail: 'everybody else is refused (fail)',
};

/** Looks up the SPF record of a domain, follows it, and evaluates it for the addresses. Never throws for what DNS says. */
export async function lookupSpf(domain: string, ips: readonly string[], dns: DnsResolver): Promise<SpfSection> {
  const resolver = remember(dns);
  const empty = { record: null, lookups: null, voids: null, others: null, warnings: [], terms: [], evaluations: [] };
  const answer = await resolver.txt(domain);
  const found = answer.records.filter(isSpfRecord);
  const [record] = found;
  if (record === undefined) {
    const none = `${domain} publishes no SPF record.`;
    if (answer.status !== 'ok') return { ...empty, ...missing(`SPF of ${domain}`, answer.status, none) };
    const near = answer.records.find((text) => /^\W*v\s*=\s*spf/i.test(text));
    if (near === undefined) return { ...empty, state: 'absent', words: none };
    const words = `${domain} has a record that looks like SPF and is none: it must begin with "v=spf1 ".`;
    return { ...empty, state: 'wrong', words, record: clip(near) };
  }
  const [tree, general, evaluations] = await Promise.all([
    walkSpf(domain, record, resolver),
    evaluateSpf(domain, NOBODY, resolver),
    Promise.all(ips.slice(0, MAX_EVALUATED).map((ip) => evaluate(domain, record, ip, resolver))),
  ]);
  const others = OTHERS[general.result as keyof typeof OTHERS] ?? null;
  return {
    ...verdict({ domain, records: found.length, tree, general, others }),
    record: clip(record),
    lookups: tree.lookups,
    voids: general.voids,
    others,
    warnings: warningsOf(tree, record, others),
    terms: tree.lines,
    evaluations,
  };
}

async function evaluate(
  domain: string,
  record: string,
  ip: string,
  resolver: DnsResolver,
): Promise<SpfSection['evaluations'][number]> {
  const { result } = await evaluateSpf(domain, ip, resolver);
  const decided = ['pass', 'fail', 'softfail', 'neutral'].includes(result);
  return { ip, result, decidedBy: decided ? await decidingTerm(domain, record, ip, resolver) : null };
}

interface Findings {
  domain: string;
  records: number;
  tree: SpfTree;
  general: SpfEvaluation;
  others: SpfSection['others'];
}

/** What is wrong comes first, then what could not be looked up, then what the record says. */
function verdict({ domain, records, tree, general, others }: Findings): Lookup {
  const wrong = (what: string): Lookup => ({ state: 'wrong', words: `SPF of ${domain} is broken: ${what}.` });
  if (records > 1) return wrong(`there are ${records} SPF records where one must stand (RFC 7208 4.5)`);
  const [problem] = tree.problems;
  if (problem !== undefined) return wrong(problem);
  if (tree.lookups > MAX_LOOKUPS) {
    return wrong(`it takes ${tree.lookups} DNS look-ups where receivers stop at ${MAX_LOOKUPS} (RFC 7208 4.6.4)`);
  }
  const silent = tree.unanswered[0] ?? general.unanswered[0];
  if (silent !== undefined) return unanswered(domain, silent);
  if (general.voids > MAX_VOIDS) return wrong(`${general.voids} of its look-ups find nothing, and ${MAX_VOIDS} may`);
  if (general.result === 'permerror') return wrong(general.reason ?? 'receivers cannot read it');
  if (others === 'pass') return { state: 'wrong', words: `SPF of ${domain} lets anybody send in its name.` };
  const cost = `${tree.lookups} of ${MAX_LOOKUPS} look-ups`;
  return { state: 'ok', words: others === null ? `SPF, ${cost}.` : `SPF, ${cost}; ${OTHERS_WORDS[others]}.` };
}

function unanswered(domain: string, { name, status }: Unanswered): Lookup {
  return { state: lookupState(status), words: failureWords(`${name}, which SPF of ${domain} needs,`, status) };
}

function warningsOf(tree: SpfTree, record: string, others: SpfSection['others']): string[] {
  const warnings = tree.problems.slice(1, 6);
  const terms = parseSpf(record);
  const all = terms.findIndex(({ kind }) => kind === 'all');
  if (others === 'neutral') warnings.push('nothing is said of other senders: end it with ~all or -all');
  if (tree.usesPtr) warnings.push('ptr is slow and must not be used (RFC 7208 5.5)');
  if (all >= 0 && terms.slice(all + 1).some(({ kind }) => !['exp', 'modifier', 'redirect'].includes(kind))) {
    warnings.push('what stands behind all is never read');
  }
  if (all >= 0 && terms.some(({ kind }) => kind === 'redirect')) warnings.push('redirect is ignored beside all');
  if (tree.lookups === MAX_LOOKUPS) warnings.push('not one more look-up fits: the next include breaks it');
  return warnings;
}
