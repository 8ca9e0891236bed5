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
    return name === broken && attempt.cause !== null
      ? { name: `${name} (${attempt.cause})`, state, ...time }
      : { name, state, ...time };
  });
  return row(attempt, stages, total === null ? '' : `· ${sayDuration(total)} in all`);
}

function row({ host, ip, port }: ProbeAttempt, stages: StageRow['stages'], note: string): StageRow {
  const name = ip === null || ip === host ? host : `${host}  ${ip}`;
  const label = port === 25 ? name : `${name} port ${port}`;
  return { label, stages, ...(note === '' ? {} : { note }) };
}
