import { z } from 'zod';

/**
 * What must survive a crash. A promise that resolved means that the data is on disk. Implementations: lowdb/ (default).
 */
export interface Store {
  /** Adds or replaces a run. */
  putRun(run: Run): Promise<void>;
  getRun(id: string): Promise<Run | undefined>;
  /** Runs that were accepted but not ended: what a restart must answer for. */
  unfinishedRuns(): Promise<Run[]>;
  /** The last card of a run, for its folds. */
  putAnswer(runId: string, card: unknown): Promise<void>;
  getAnswer(runId: string): Promise<unknown>;
  /** Forgets answers older than the given time. Returns how many. */
  sweepAnswers(olderThan: Date): Promise<number>;
  close(): Promise<void>;
}

/** One command that was accepted: who asked what, where, and which message shows it. */
export const runSchema = z.object({
  id: z.string(),
  line: z.string(),
  command: z.string(),
  userId: z.string(),
  userName: z.string(),
  /** Place and MessageRef of the chat port, plain JSON. */
  place: z.record(z.string(), z.unknown()),
  message: z.object({ place: z.record(z.string(), z.unknown()), messageId: z.string() }).nullable(),
  revision: z.number().int().nonnegative(),
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Run = z.infer<typeof runSchema>;
