import { isIPv6 } from 'node:net';
import type { ProbeAttempt, ProbeReport } from '../report.ts';
import { combinations, fisherExact } from './fisher.ts';

type Correlation = NonNullable<ProbeReport['correlation']>;

interface Dimension {
  what: string;
  /** How failures relate to a value: an address is where they come from, a cipher is what they come with. */
  came: 'from' | 'with';
  read: (attempt: ProbeAttempt) => string | null;
}

/** What may tell failures apart, the plainest first: of equally good ones it is the answer. */
const DIMENSIONS: readonly Dimension[] = [
  { what: 'address', came: 'from', read: ({ ip }) => ip },
  { what: 'server name', came: 'from', read: ({ banner }) => banner?.serverName ?? null },
  { what: 'TLS version', came: 'with', read: ({ tls }) => tls.protocol },
  { what: 'cipher', came: 'with', read: ({ tls }) => tls.cipher },
  { what: 'certificate', came: 'from', read: certificateOf },
];

/** What comes about by accident more often than this is not told. */
const MAX_CHANCE = 0.05;
/** Up to this it is worth a suspicion. */
const MAX_DOUBT = 0.2;
const MAX_NAMED = 3;

/** How one dimension splits the attempts: every failure has one of `values`, nothing else ever failed. */
interface Split {
  values: string[];
  others: number;
  /** Failures and attempts with one of the values. */
  failed: number;
  of: number;
  /** How likely such a split is by accident, all ways to split counted. */
  chance: number;
}

/**
 * What the failures of several attempts go along with: one address, server name, TLS parameter or certificate that has
 * all of them (seed 002: half of the front ends were of another build). Null when nothing separates them, or when chance
 * alone could have done it (Fisher's exact test, p < 0.05).
 */
export function correlate(attempts: readonly ProbeAttempt[]): Correlation | null {
  const found = bestSplit(attempts);
  if (found === undefined || found.split.chance >= MAX_CHANCE) return null;
  const { dimension, split } = found;
  const { failed, of } = split;
  return { what: dimension.what, value: nameValues(split), failed, of, words: sayIt(found) };
}

/** A split that is clean but may be an accident, and what would settle it; undefined when there is none. */
export function suspect(attempts: readonly ProbeAttempt[]): string | undefined {
  const found = bestSplit(attempts);
  if (found === undefined || found.split.chance < MAX_CHANCE || found.split.chance > MAX_DOUBT) return undefined;
  const { dimension, split, failures } = found;
  const all = `All ${failures} failures came ${dimension.came} ${nameValues(split)}`;
  return `${all}, which may be an accident (${sayChance(split.chance)}): repeat it more often to be sure.`;
}

interface Found {
  dimension: Dimension;
  split: Split;
  failures: number;
  total: number;
}

/** The split that is least likely by accident. */
function bestSplit(attempts: readonly ProbeAttempt[]): Found | undefined {
  const counted = attempts.filter((attempt) => !isSetAside(attempt));
  const worst = counted.some(({ verdict }) => verdict === 'failed') ? 'failed' : 'degraded';
  const failures = counted.filter(({ verdict }) => verdict === worst).length;
  if (failures === 0 || failures === counted.length) return undefined;
  let best: Found | undefined;
  for (const dimension of DIMENSIONS) {
    const split = splitBy(dimension, counted, worst);
    if (split === undefined || split.chance >= (best?.split.chance ?? 1)) continue;
    best = { dimension, split, failures, total: counted.length };
  }
  return best;
}

function nameValues({ values }: Split): string {
  const named = values.slice(0, MAX_NAMED).join(', ');
  const more = values.length - MAX_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

/** What this machine could not try: the egress policy forbids it, or there is no way to IPv6 from here. */
function isSetAside({ ip, cause }: ProbeAttempt): boolean {
  return cause === 'blocked-egress' || (cause === 'unreachable' && isIPv6(ip ?? ''));
}

function splitBy(
  { read }: Dimension,
  attempts: readonly ProbeAttempt[],
  worst: 'failed' | 'degraded',
): Split | undefined {
  const groups = new Map<string, { failed: number; of: number }>();
  for (const attempt of attempts) {
    const value = read(attempt);
    const bad = attempt.verdict === worst;
    if (value === null && bad) return undefined;
    if (value === null) continue;
    const group = groups.get(value) ?? { failed: 0, of: 0 };
    groups.set(value, { failed: group.failed + Number(bad), of: group.of + 1 });
  }
  const failing = [...groups].filter(([, { failed }]) => failed > 0);
  const others = groups.size - failing.length;
  if (others === 0) return undefined;
  // Several values explain only what always happens with each of them, seen more than once.
  if (failing.length > 1 && failing.some(([, { failed, of }]) => failed < of || of < 2)) return undefined;
  const sum = (key: 'failed' | 'of'): number => failing.reduce((all, [, group]) => all + group[key], 0);
  const [failed, of] = [sum('failed'), sum('of')];
  const worked = [...groups.values()].reduce((all, group) => all + group.of, 0) - of;
  // We looked for the best of all such splits; half of them are the other half seen from behind when both sides are as many.
  const ways = combinations(groups.size, failing.length) / (failing.length === others ? 2 : 1);
  const chance = fisherExact([
    [failed, of - failed],
    [0, worked],
  ]);
  return { values: failing.map(([value]) => value), others, failed, of, chance: Math.min(1, chance * ways) };
}

function sayIt({ dimension: { what, came }, split, failures, total }: Found): string {
  const { others, failed, of, chance } = split;
  const all = failures === 1 ? 'The only failure' : `All ${failures} failures`;
  const partly = failed < of ? `, where ${failed} of ${of} attempts failed` : '';
  const rest = others === 1 ? `the other ${what}` : `the other ${what === 'address' ? 'addresse' : what}s`;
  return `${all} of ${total} came ${came} ${nameValues(split)}${partly}; ${rest} never failed (chance of that by accident ${sayChance(chance)}).`;
}

function sayChance(chance: number): string {
  const percent = chance * 100;
  return percent < 0.01 ? '< 0.01 %' : `${percent.toFixed(percent < 1 ? 2 : 1)} %`;
}

/** The leaf's name and the start of its fingerprint: two certificates may carry the same name. */
function certificateOf({ certificate }: ProbeAttempt): string | null {
  const leaf = certificate?.chain[0];
  return leaf === undefined ? null : `${leaf.subject.slice(0, 80)} (${leaf.sha256.replaceAll(':', '').slice(0, 16)})`;
}
