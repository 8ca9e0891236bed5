import type { Stage } from '../../vocabulary.ts';
import type { StageProgress } from '../progress.ts';

/** How long one connection spent in each stage, and how each ended. A stage entered twice (EHLO) adds up. */
export class StageClock {
  private readonly entries: StageProgress[] = [];
  /** Milliseconds on a steady scale. */
  readonly elapsed: () => number;
  private readonly onChange: () => void;
  private current: StageProgress | undefined;
  private since = 0;

  constructor(elapsed: () => number, onChange: () => void = () => undefined) {
    this.elapsed = elapsed;
    this.onChange = onChange;
  }

  enter(stage: Stage): void {
    this.settle('ok');
    let entry = this.entries.find(({ name }) => name === stage);
    if (entry === undefined) {
      entry = { name: stage, state: 'running' };
      this.entries.push(entry);
    }
    entry.state = 'running';
    this.current = entry;
    this.since = this.elapsed();
    this.onChange();
  }

  /** Ends the running stage, if any. */
  settle(state: 'ok' | 'failed' | 'degraded'): void {
    if (this.current === undefined) return;
    const spent = this.elapsed() - this.since;
    this.current.ms = roundMs((this.current.ms ?? 0) + spent);
    this.current.state = state;
    this.current = undefined;
    this.onChange();
  }

  /** Sets the state of a stage that has ended, or notes one that takes no time of its own (certificate) or was not offered. */
  mark(stage: Stage, state: 'ok' | 'failed' | 'degraded'): void {
    const entry = this.entries.find(({ name }) => name === stage);
    if (entry === undefined) this.entries.push({ name: stage, state });
    else if (entry === this.current) this.settle(state);
    else entry.state = state;
    this.onChange();
  }

  /** Nothing happens for a while, and `note` says why. */
  wait(stage: Stage, note: string): void {
    const entry = this.entries.find(({ name }) => name === stage);
    if (entry !== undefined) Object.assign(entry, { state: 'running', note });
    this.onChange();
  }

  /** Milliseconds that a stage has taken; undefined while it runs and where it was not reached. */
  spent(stage: Stage): number | undefined {
    return this.entries.find(({ name }) => name === stage)?.ms;
  }

  stages(): StageProgress[] {
    return this.entries.map((entry) => ({ ...entry }));
  }
}

/** Milliseconds to a tenth. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** The stages of an attempt that took several connections: a later one only adds what the earlier ones did not reach. */
export function mergeStages(clocks: readonly StageClock[]): StageProgress[] {
  const merged: StageProgress[] = [];
  for (const stage of clocks.flatMap((clock) => clock.stages())) {
    if (!merged.some(({ name }) => name === stage.name)) merged.push(stage);
  }
  return merged;
}
