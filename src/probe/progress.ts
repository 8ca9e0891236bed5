import type { Stage } from '../vocabulary.ts';
import type { ProbeReport } from './report.ts';

/** One stage of a tried address, for a card that is drawn while the probe runs. */
export interface StageProgress {
  name: Stage;
  /** Milliseconds spent in it so far; missing while it runs. */
  ms?: number;
  state: 'ok' | 'failed' | 'degraded' | 'running';
}

/** What a running probe knows so far. */
export interface ProbeProgress {
  target: string;
  mx: ProbeReport['mx'];
  attempts: { host: string; ip: string | null; port: number; stages: StageProgress[] }[];
}
