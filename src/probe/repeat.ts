import type { ProbeReport } from './report.ts';

/**
 * Probes `times` times, one after the other, and joins the answers: the attempts of all rounds, and a verdict that says
 * whether the trouble is always there or comes and goes (a front end with one bad node, seed 002).
 */
export async function repeatProbe(times: number, probe: () => Promise<ProbeReport>): Promise<ProbeReport> {
  const first = await probe();
  const reports = [first];
  for (let round = 1; round < times; round += 1) reports.push(await probe());
  if (reports.length === 1) return first;
  const bad = reports.filter((report) => report.verdict !== 'ok');
  const failed = reports.filter((report) => report.verdict === 'failed');
  const telling = failed[0] ?? bad[0] ?? first;
  const last = reports.at(-1) ?? first;
  return {
    ...telling,
    verdict: failed.length === reports.length ? 'failed' : bad.length > 0 ? 'degraded' : 'ok',
    summary:
      bad.length === 0
        ? `${first.summary} (${times} of ${times} probes)`
        : `${bad.length} of ${times} probes: ${telling.summary}`,
    attempts: reports.flatMap((report) => report.attempts),
    startedAt: first.startedAt,
    durationMs: Date.parse(last.startedAt) + last.durationMs - Date.parse(first.startedAt),
  };
}
