import type { Logger } from '../../log.ts';

/** Work that goes on after its request was answered. */
export interface InFlight {
  /** Starts the work in a later turn, so that the answer leaves first. Trouble is logged, never thrown. */
  run(work: () => Promise<void>): void;
  /** Resolves when all of it has ended, or after `deadlineMs`. True when nothing is left. */
  drain(deadlineMs: number): Promise<boolean>;
}

/** @param logger gets a line for work that fails: a bug, because handlers answer for their own errors */
export function createInFlight(logger: Logger): InFlight {
  const running = new Set<Promise<void>>();
  return {
    run(work) {
      const task = new Promise<void>((resolve) => setImmediate(resolve))
        .then(work)
        .catch((error: unknown) => logger.error({ err: error }, 'teams: work on an activity failed'))
        .finally(() => running.delete(task));
      running.add(task);
    },
    async drain(deadlineMs) {
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, deadlineMs);
      });
      await Promise.race([Promise.all(running), deadline]);
      clearTimeout(timer);
      return running.size === 0;
    },
  };
}
