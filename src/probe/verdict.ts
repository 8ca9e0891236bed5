import { isIPv6 } from 'node:net';
import type { Verdict } from '../vocabulary.ts';
import type { AttemptOutcome } from './attempt.ts';
import type { ProbeAttempt } from './report.ts';

/** What several addresses say together. */
export interface SetVerdict {
  verdict: Verdict;
  summary: string;
  /** The attempt whose fault is the answer; undefined when nothing is wrong. */
  telling: ProbeAttempt | undefined;
}

/**
 * Joins the attempts: one working address keeps mail flowing, so a failing one beside it makes the set `degraded` (seed 004).
 * Exception: a permanent refusal in the mail transaction, after which a sender does not go on to the next address.
 */
export function decideVerdict(outcomes: readonly AttemptOutcome[]): SetVerdict {
  const counted = withoutUntried(outcomes);
  const reports = counted.map(({ report }) => report);
  const failed = reports.filter(({ verdict }) => verdict === 'failed');
  const degraded = reports.filter(({ verdict }) => verdict === 'degraded');
  const telling = mostTelling(failed.length > 0 ? failed : degraded);
  if (telling === undefined) return { verdict: 'ok', summary: summarizeOk(reports), telling: undefined };
  if (reports.length === 1) return { verdict: telling.verdict, summary: telling.summary, telling };
  const base = `of ${reports.length} addresses`;
  if (failed.length === reports.length) {
    return { verdict: 'failed', summary: `None ${base} works. ${telling.summary}`, telling };
  }
  if (failed.length === 0) {
    const count =
      degraded.length === reports.length
        ? `All ${reports.length} addresses have`
        : `${degraded.length} ${base} ${degraded.length === 1 ? 'has' : 'have'}`;
    return { verdict: 'degraded', summary: `${count} a fault, mail still flows. ${telling.summary}`, telling };
  }
  const returned = counted.some(({ endsDelivery, report }) => endsDelivery && report.verdict === 'failed');
  const [count, it] =
    failed.length === 1 ? [`1 ${base} fails`, 'it'] : [`${failed.length} ${base} fail`, 'one of them'];
  const effect = returned ? `mail that reaches ${it} is returned` : `senders that choose ${it} see intermittent delay`;
  return { verdict: returned ? 'failed' : 'degraded', summary: `${count}: ${effect}. ${telling.summary}`, telling };
}

/** What could not be tried from here says nothing about the peer, as long as there is something else to learn from. */
function withoutUntried(outcomes: readonly AttemptOutcome[]): readonly AttemptOutcome[] {
  const rest = outcomes.filter(({ report }) => whyUntried(report) === undefined);
  return rest.length > 0 ? rest : outcomes;
}

/** Why this machine could not even try: it has no IPv6 route, or its egress policy forbids the address. */
export function whyUntried({ ip, errorType, cause }: ProbeAttempt): 'no-ipv6' | 'egress' | undefined {
  if (errorType !== 'UnableToConnect' || ip === null) return undefined;
  if (cause === 'blocked-egress') return 'egress';
  return cause === 'unreachable' && isIPv6(ip) ? 'no-ipv6' : undefined;
}

/** The first attempt with the most frequent fault. */
function mostTelling(attempts: readonly ProbeAttempt[]): ProbeAttempt | undefined {
  const faultOf = ({ errorType, cause }: ProbeAttempt): string => `${errorType}/${cause}`;
  const counts = new Map<string, number>();
  for (const attempt of attempts) counts.set(faultOf(attempt), (counts.get(faultOf(attempt)) ?? 0) + 1);
  let best: ProbeAttempt | undefined;
  for (const attempt of attempts) {
    if (best === undefined || (counts.get(faultOf(attempt)) ?? 0) > (counts.get(faultOf(best)) ?? 0)) best = attempt;
  }
  return best;
}

function summarizeOk(reports: readonly ProbeAttempt[]): string {
  const first = reports[0];
  if (first === undefined) return 'Nothing was tried.';
  return reports.length === 1 ? first.summary : `All ${reports.length} addresses work. ${first.summary}`;
}
