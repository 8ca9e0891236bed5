import type { Stage } from '../vocabulary.ts';
import type { ProbeReport } from './report.ts';

/** One stage of a tried address, for a card that is drawn while the probe runs. */
export interface StageProgress {
  name: Stage;
  /** Milliseconds spent in it so far; missing while it runs. */
  ms?: number;
  state: 'ok' | 'failed' | 'degraded' | 'running';
  /** Why it takes its time: `waiting 10 s, greylisted`. */
  note?: string;
}

/** What a running probe knows so far. */
export interface ProbeProgress {
  target: string;
  mx: ProbeReport['mx'];
  attempts: { host: string; ip: string | null; port: number; stages: StageProgress[] }[];
  /** Why nothing moves right now, in words: `queued: 12 before you`, `next round in 10 s`; missing while it works. */
  waiting?: string;
  /** With `--repeat`: the round that runs, from 1, and how many there will be. */
  round?: { at: number; of: number };
}
