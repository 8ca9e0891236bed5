import { isIPv6 } from 'node:net';
import type { Verdict } from '../../vocabulary.ts';
import type { AttemptOutcome } from '../attempt/attempt.ts';
import type { ProbeAttempt } from '../report.ts';
import { isDegraded, isFailed, type Path, pathNoun } from '../route/path.ts';
import { countVerbs } from './fault-words.ts';
import { mixedWords } from './mixed-words.ts';

/** What several addresses say together. */
export interface SetVerdict {
  verdict: Verdict;
  summary: string;
  /** The attempt whose fault is the answer; undefined when nothing is wrong. */
  telling: ProbeAttempt | undefined;
}

/**
 * Joins the attempts as a sender would meet them (RFC 5321 5.1): hosts of the lowest preference first and in random order
 * among themselves, then the next preference; a permanent refusal in the mail transaction ends that. One working address
 * keeps mail flowing, so a failing one beside it makes the set `degraded` (seed 004).
 */
export function decideVerdict(paths: readonly Path[]): SetVerdict {
  const counted = withoutUntried(paths);
  const failed = counted.filter(isFailed).length;
  if (failed === 0) return decideWorking(counted);
  return failed === counted.length ? decideFailed(counted) : decideMixed(counted);
}

/** Mail flows everywhere. */
function decideWorking(paths: readonly Path[]): SetVerdict {
  const degraded = paths.filter(isDegraded);
  const telling = mostTelling(degraded);
  const first = paths[0]?.report;
  const several = paths.length > 1;
  if (telling === undefined) {
    const working = several ? `All ${paths.length} addresses work. ` : '';
    return { verdict: 'ok', summary: `${working}${first?.summary ?? 'Nothing was tried.'}`, telling };
  }
  if (!several) return { verdict: 'degraded', summary: telling.summary, telling };
  const count =
    degraded.length === paths.length
      ? `All ${paths.length} addresses have`
      : `${degraded.length} of ${paths.length} addresses ${degraded.length === 1 ? 'has' : 'have'}`;
  return { verdict: 'degraded', summary: `${count} a fault, mail still flows. ${telling.summary}`, telling };
}

/** Mail flows nowhere. */
function decideFailed(paths: readonly Path[]): SetVerdict {
  // A refusal for good decides what becomes of the mail: before it, a sender goes on to the next address.
  const returning = paths.filter(({ endsDelivery }) => endsDelivery);
  const telling = mostTelling(returning.length > 0 ? returning : paths);
  const summary = telling?.summary ?? '';
  if (paths.length === 1) return { verdict: 'failed', summary, telling };
  const counts = countVerbs(paths.map(({ report }) => report));
  const none = `None of ${paths.length} ${pathNoun(paths)} works`;
  return { verdict: 'failed', summary: `${none}${counts === undefined ? '' : `: ${counts}`}. ${summary}`, telling };
}

/** Some work, some do not. What mail meets first is told first. */
function decideMixed(paths: readonly Path[]): SetVerdict {
  const lowest = Math.min(...paths.map(({ preference }) => preference));
  const primary = paths.filter(({ preference }) => preference === lowest);
  const backup = paths.filter(({ preference }) => preference > lowest);
  const returning = metBySenders(paths).filter((path) => path.endsDelivery && isFailed(path));
  const candidates = [returning, primary.filter(isFailed), primary.filter(isDegraded), backup.filter(isFailed)];
  const telling = mostTelling(candidates.find((some) => some.length > 0) ?? []);
  return {
    verdict: returning.length > 0 ? 'failed' : 'degraded',
    summary: `${mixedWords(primary, backup, returning.length > 0)}. ${telling?.summary ?? ''}`,
    telling,
  };
}

/** The paths that mail comes to: those of each preference in turn, until one of a preference works. */
function metBySenders(paths: readonly Path[]): Path[] {
  const preferences = [...new Set(paths.map(({ preference }) => preference))].sort((a, b) => a - b);
  const met: Path[] = [];
  for (const preference of preferences) {
    const here = paths.filter((path) => path.preference === preference);
    met.push(...here);
    if (!here.every(isFailed)) break;
  }
  return met;
}

/** What could not be tried from here says nothing about the peer, as long as there is something else to learn from. */
function withoutUntried(paths: readonly Path[]): readonly Path[] {
  const rest = paths.filter((path) => whyUntried(path) === undefined);
  return rest.length > 0 ? rest : paths;
}

/** Why this machine could not even try: it has no IPv6 route, or its egress policy forbids the address. */
export function whyUntried({ report, noRoute }: AttemptOutcome): 'no-ipv6' | 'egress' | undefined {
  const { ip, errorType, cause } = report;
  if (errorType !== 'UnableToConnect' || ip === null) return undefined;
  if (cause === 'blocked-egress') return 'egress';
  return noRoute === true && isIPv6(ip) ? 'no-ipv6' : undefined;
}

/** The first attempt with the most frequent fault. */
function mostTelling(paths: readonly Path[]): ProbeAttempt | undefined {
  const faultOf = ({ errorType, cause }: ProbeAttempt): string => `${errorType}/${cause}`;
  const counts = new Map<string, number>();
  for (const { report } of paths) counts.set(faultOf(report), (counts.get(faultOf(report)) ?? 0) + 1);
  let best: ProbeAttempt | undefined;
  for (const { report } of paths) {
    if (best === undefined || (counts.get(faultOf(report)) ?? 0) > (counts.get(faultOf(best)) ?? 0)) best = report;
  }
  return best;
}
