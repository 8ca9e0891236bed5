import type { Card, StageRow } from './card.ts';
import { maskCard } from './mask.ts';
import { pathLabel } from './probe-stages.ts';

/** Rows that are read at once: the newest. */
const ROWS = 6;

/** A probe that runs: the same rows, its stages turning, or what it waits for. Shape of src/probe/progress.ts. */
export function probeProgressCard(
  progress: {
    target: string;
    attempts: readonly {
      host: string;
      ip: string | null;
      stages: readonly {
        name: string;
        ms?: number;
        state: 'ok' | 'failed' | 'degraded' | 'running';
        note?: string;
      }[];
    }[];
    waiting?: string;
    round?: { at: number; of: number };
  },
  _options: { line: string },
): Card {
  const { target, waiting, round } = progress;
  const rows = progress.attempts.map(({ host, ip, stages }): StageRow => {
    const why = stages.find(({ state, note }) => state === 'running' && note !== undefined)?.note;
    return {
      label: pathLabel(host, ip),
      // The QUIT of a session that is tried again later would stand behind what is awaited.
      stages: stages.filter(({ name }) => name !== 'quit').map(({ note: _note, ...stage }) => stage),
      ...(why === undefined ? {} : { note: `· ${why}` }),
    };
  });
  const first: StageRow = { label: target, stages: [{ name: 'dns', state: 'running' }] };
  const shown = rows.length === 0 && waiting === undefined ? [first] : rows.slice(-ROWS);
  const rounds = round === undefined || round.of < 2 ? '' : `, round ${round.at} of ${round.of}`;
  return maskCard({
    kind: 'probe',
    state: 'running',
    title: `Probing ${target}${rounds}${waiting === undefined ? '' : ` · ${waiting}`}`,
    blocks: shown.length === 0 ? [] : [{ type: 'stages', rows: shown }],
    actions: [{ type: 'cancel', label: 'Cancel', primary: true }],
  });
}
