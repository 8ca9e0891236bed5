import type { ProbeReport } from '../report.ts';
import { correlate, suspect } from './correlate.ts';

/**
 * Joins the rounds of a repeated probe, at least one: the attempts of all of them, a verdict that says whether the trouble
 * is always there or comes and goes, and what it goes along with. `planned` is how many rounds were wanted.
 */
export function joinRounds(reports: readonly [ProbeReport, ...ProbeReport[]], planned: number): ProbeReport {
  const [first] = reports;
  if (planned === 1) return first;
  const failed = reports.filter(({ verdict }) => verdict === 'failed');
  const degraded = reports.filter(({ verdict }) => verdict === 'degraded');
  const telling = mostFrequent(failed.length > 0 ? failed : degraded) ?? first;
  const attempts = reports.flatMap((report) => report.attempts);
  const correlation = failed.length + degraded.length > 0 ? correlate(attempts) : null;
  const last = reports.at(-1) ?? first;
  const words = [
    ...roundWords(reports.length, failed.length, degraded.length, telling.summary),
    ...(correlation === null ? apartWords(reports, failed.length + degraded.length) : [correlation.words]),
    ...(reports.length < planned ? [`Stopped after ${reports.length} of ${planned} rounds.`] : []),
  ];
  return {
    ...telling,
    verdict: failed.length === reports.length ? 'failed' : failed.length + degraded.length > 0 ? 'degraded' : 'ok',
    summary: words.join(' '),
    attempts,
    correlation,
    // A later round has an earlier one of the same repetition as its last good probe.
    lastGood: first.lastGood,
    rounds: { total: reports.length, failed: failed.length, degraded: degraded.length },
    startedAt: first.startedAt,
    durationMs: Date.parse(last.startedAt) + last.durationMs - Date.parse(first.startedAt),
  };
}

function roundWords(total: number, failed: number, degraded: number, summary: string): string[] {
  if (failed + degraded === 0) return [`${summary.replace(/\.$/, '')} (${total} of ${total} probes).`];
  const fails = `${failed} of ${total} probes ${failed === 1 ? 'fails' : 'fail'}`;
  const faults = degraded === 1 ? 'finds a fault' : 'find a fault';
  if (failed === 0) return [`${degraded} of ${total} probes ${faults}, mail still flows: ${summary}`];
  return [`${fails}${degraded === 0 ? '' : `, ${degraded} ${faults}`}: ${summary}`];
}

/** Said only where some rounds were better than others; else there is nothing to tell apart. */
function apartWords(reports: readonly ProbeReport[], bad: number): string[] {
  if (bad === 0 || reports.every(({ verdict }) => verdict === reports[0]?.verdict)) return [];
  const attempts = reports.flatMap((report) => report.attempts);
  return [suspect(attempts) ?? 'Nothing that we saw tells the failing probes from the others.'];
}

/** The first report with the most frequent fault. */
function mostFrequent(reports: readonly ProbeReport[]): ProbeReport | undefined {
  const faultOf = ({ errorType, cause, stage }: ProbeReport): string => `${errorType}/${cause}/${stage}`;
  const counts = new Map<string, number>();
  for (const report of reports) counts.set(faultOf(report), (counts.get(faultOf(report)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return reports.find((report) => counts.get(faultOf(report)) === most);
}
