import { isIPv6 } from 'node:net';
import type { ProbeAttempt } from '../src/probe/report.ts';
import { STAGES } from '../src/vocabulary.ts';
import type { StageRow } from './card.ts';
import { sayDuration } from './say.ts';

/**
 * The row of one tried address: the stages it passed with their milliseconds and the one where it broke, marked, in the
 * order of the vocabulary. `short` draws an address that works with its last stage and the whole time.
 */
export function stageRow(attempt: ProbeAttempt, short: boolean): StageRow {
  const { total, ...timed } = attempt.timingsMs;
  const times = new Map(Object.entries(timed).flatMap(([name, ms]) => (ms === null ? [] : [[name, ms]])));
  const passed = STAGES.filter((name) => times.has(name));
  if (short && attempt.verdict === 'ok') {
    return row(attempt, [{ name: passed.at(-1) ?? 'connect', state: 'ok' }], total === null ? '' : sayDuration(total));
  }
  const broken = attempt.verdict === 'ok' ? null : attempt.stage;
  const stages = STAGES.filter((name) => times.has(name) || name === broken).map((name): StageRow['stages'][number] => {
    const ms = times.get(name);
    const state = name !== broken ? 'ok' : attempt.verdict === 'degraded' ? 'degraded' : 'failed';
    const time = ms === undefined ? {} : { ms };
    return name === broken && attempt.cause !== null && attempt.cause !== name
      ? { name: `${name} (${attempt.cause})`, state, ...time }
      : { name, state, ...time };
  });
  return row(attempt, stages, sumOf(total, Math.max(0, ...times.values())));
}

/** The whole time, unless one stage took nearly all of it and says it already. */
function sumOf(total: number | null, longest: number): string {
  return total === null || longest > 0.95 * total ? '' : `· ${sayDuration(total)} in all`;
}

/** `mx1.contoso.example  203.0.113.10`; an IPv6 address says so, as it is the family that breaks unseen. */
export function pathLabel(host: string, ip: string | null, port = 25): string {
  const address = ip === null || ip === host ? '' : `  ${isIPv6(ip) ? 'IPv6 ' : ''}${ip}`;
  return `${host}${address}${port === 25 ? '' : ` port ${port}`}`;
}

function row({ host, ip, port }: ProbeAttempt, stages: StageRow['stages'], note: string): StageRow {
  return { label: pathLabel(host, ip, port), stages, ...(note === '' ? {} : { note }) };
}
