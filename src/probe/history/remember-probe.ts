import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import type { ProbeHistory, ProbeSummary } from '../../probe-history.ts';
import type { Prober } from '../probe.ts';
import { compareWithLastGood } from './compare-last-good.ts';
import { historyKey, summarizeProbe } from './summarize-probe.ts';

/** Where the history is kept, and where trouble with it is told. */
export interface RememberOptions {
  history: ProbeHistory;
  clock: Pick<Clock, 'elapsed'>;
  logger: Logger;
}

/** The same answer again within so long is remembered once: a scrape every few seconds must not push all else out. */
const SAME_MS = 10 * 60 * 1000;
const MAX_KEYS = 10_000;

/**
 * A prober whose reports are compared with the last good probe of the same target, and remembered. A history that cannot
 * be read or written is a warning in the log: the probe answers all the same.
 */
export function rememberProbes(prober: Prober, { history, clock, logger }: RememberOptions): Prober {
  const remembered = new Map<string, { what: string; at: number }>();

  function isNews({ key, probeId: _probeId, at: _at, ...found }: ProbeSummary): boolean {
    const what = JSON.stringify(found);
    const last = remembered.get(key);
    const at = clock.elapsed();
    if (last?.what === what && at - last.at < SAME_MS) return false;
    if (remembered.size >= MAX_KEYS) remembered.clear();
    remembered.set(key, { what, at });
    return true;
  }

  return {
    async probe(request, options) {
      const [report, before] = await Promise.all([
        prober.probe(request, options),
        history.lastGood(historyKey(request)).catch((error: unknown): undefined => {
          logger.warn({ err: error }, 'the last good probe could not be read');
        }),
      ]);
      const now = summarizeProbe(report, request);
      if (isNews(now)) {
        await history.add(now).catch((error: unknown) => {
          logger.warn({ err: error }, 'the probe could not be remembered');
        });
      }
      return { ...report, lastGood: before === undefined ? null : changesSince(now, before) };
    },
  };
}

function changesSince(now: ProbeSummary, before: ProbeSummary): { at: string; changes: string[] } {
  return { at: before.at, changes: compareWithLastGood(now, before) };
}
