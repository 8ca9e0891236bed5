import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimited } from './rate-limit.ts';
import type { ProbeReport } from './report.ts';
import { isLoginRefused } from './route/path.ts';
import { joinRounds } from './verdict/join-rounds.ts';

/** A limit that others use up again and again ends the repetition. */
const MAX_TRIES = 5;

/** A probe that is made several times. */
export interface Repetition {
  times: number;
  /** Seconds between the end of one round and the start of the next. */
  intervalS: number;
  /** Aborting it ends the repetition; what was learnt by then is the answer. */
  signal: AbortSignal;
  /** Makes one round, counted from 1. */
  probe: (round: number) => Promise<ProbeReport>;
  /** Why the next round has not begun yet, in words. */
  onWait?: (waiting: string, round: number) => void;
}

/**
 * Probes so many times, one after the other, and joins the answers (a front end with one bad node, seed 002). A rate limit
 * is waited for from the second round on, within reason. A login that was refused ends it.
 * @throws what the first round throws; the signal's reason when it is aborted before the first round has ended.
 */
export async function repeatProbe(repetition: Repetition): Promise<ProbeReport> {
  const { times, intervalS, signal, probe, onWait } = repetition;
  const reports: [ProbeReport, ...ProbeReport[]] = [await probe(1)];
  const wait = async (ms: number, waiting: string): Promise<void> => {
    onWait?.(waiting, reports.length + 1);
    await sleep(ms, undefined, { signal });
  };
  try {
    while (reports.length < times && !reports.some(isLoginRefused)) {
      if (intervalS > 0) await wait(intervalS * 1000, `next round in ${intervalS} s`);
      reports.push(await probeWhenAllowed(() => probe(reports.length + 1), wait));
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof RateLimited)) throw error;
  }
  return joinRounds(reports, times);
}

async function probeWhenAllowed(
  probe: () => Promise<ProbeReport>,
  wait: (ms: number, waiting: string) => Promise<void>,
): Promise<ProbeReport> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await probe();
    } catch (error) {
      if (!(error instanceof RateLimited) || tries === MAX_TRIES) throw error;
      const seconds = Math.max(1, Math.ceil(error.retryAfterMs / 1000));
      await wait(seconds * 1000, `next round in ${seconds} s: the limit of probes a minute is reached`);
    }
  }
}
