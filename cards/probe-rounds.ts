import type { ProbeAttempt } from '../src/probe/report.ts';
import type { CardBlock, StageRow } from './card.ts';
import { stageRow } from './probe-stages.ts';
import { sayProtocol } from './probe-tls.ts';
import { sayDuration } from './say.ts';

/** Rounds that are drawn one by one; of more only the count is given. */
const MAX_MARKS = 30;

const MARKS = { ok: '✓', degraded: '⚠', failed: '✗' } as const;

/** The attempts at one address, over all rounds in their order. */
export interface Path {
  attempts: ProbeAttempt[];
  /** The one that tells most: the first that failed, else the first that was degraded, else the last. */
  telling: ProbeAttempt;
}

/** One entry a tried address, in the order of the first round. */
export function pathsOf(attempts: readonly ProbeAttempt[]): Path[] {
  const byAddress = new Map<string, ProbeAttempt[]>();
  for (const attempt of attempts) {
    const key = `${attempt.host} ${attempt.ip} ${attempt.port}`;
    const known = byAddress.get(key);
    if (known === undefined) byAddress.set(key, [attempt]);
    else known.push(attempt);
  }
  return [...byAddress.values()].flatMap((tries) => {
    const bad =
      tries.find(({ verdict }) => verdict === 'failed') ?? tries.find(({ verdict }) => verdict === 'degraded');
    const telling = bad ?? tries.at(-1);
    return telling === undefined ? [] : [{ attempts: tries, telling }];
  });
}

/**
 * The row of one address; with several rounds it ends with how each went: `✓✗✓✓ 1 of 4 failed`. Beside `others` an address
 * that works is drawn short; alone it needs no sum of its times, as that is the time of the probe.
 */
export function pathRow({ attempts, telling }: Path, others: boolean): StageRow {
  const row = stageRow(telling, others);
  if (attempts.length === 1) return others ? row : { label: row.label, stages: row.stages };
  const count = (verdict: ProbeAttempt['verdict']): number => attempts.filter((one) => one.verdict === verdict).length;
  const counts = [
    ...(count('failed') > 0 ? [`${count('failed')} of ${attempts.length} failed`] : []),
    ...(count('degraded') > 0 ? [`${count('degraded')} of ${attempts.length} degraded`] : []),
  ];
  const marks = attempts.length > MAX_MARKS ? '' : `${attempts.map(({ verdict }) => MARKS[verdict]).join('')} `;
  return { ...row, note: `· ${marks}${counts.join(', ') || `all ${attempts.length} went well`}` };
}

/** Each attempt of a repeated probe with what may tell it apart from the others. */
export function roundsTable(attempts: readonly ProbeAttempt[]): CardBlock {
  const rows = attempts.map(({ host, ip, banner, tls, verdict, errorType, cause, timingsMs }) => [
    ip ?? host,
    banner?.serverName ?? '–',
    tls.protocol === null ? '–' : [sayProtocol(tls.protocol), tls.cipher ?? ''].join(' ').trim(),
    `${MARKS[verdict]} ${errorType === null ? 'ok' : [errorType, cause].filter((part) => part !== null).join(' ')}`,
    timingsMs.total === null ? '–' : sayDuration(timingsMs.total),
  ]);
  return { type: 'table', columns: ['Address', 'Server name', 'TLS', 'Result', 'Time'], rows };
}
