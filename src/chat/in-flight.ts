import type { Logger } from '../log.ts';

/** Work that goes on after the request that brought it was acknowledged. */
export interface InFlight {
  /**
   * Starts the work in a later turn. Resolves when the acknowledgement may leave: the work said that what came is kept,
   * or it ended, or it takes longer than people are to wait for a sign. Never throws.
   */
  run(event: string, work: (kept: () => void) => Promise<void>): Promise<void>;
  /** Resolves when everything has settled, or after `deadlineMs`. True when nothing was left. */
  drain(deadlineMs: number): Promise<boolean>;
}

/** Slack and Teams show an error after 3 seconds; a disk that is this slow must not cause it. */
const KEPT_WITHIN_MS = 1_000;

/**
 * Starts one piece of work a turn of the event loop: when many requests come at once, none waits for the work of all
 * others. A failing piece of work is a line in the log, never an unhandled rejection.
 */
export function createInFlight(logger: Logger): InFlight {
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<void>>();

  function startNext(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(startNext);
  }

  async function settle(event: string, work: () => Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(startNext);
    });
    try {
      await work();
    } catch (error) {
      logger.error({ event, err: error }, 'work on a chat event failed');
    }
  }

  return {
    run(event, work) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, KEPT_WITHIN_MS);
        const kept = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const task = settle(event, () => work(kept)).then(kept);
        running.add(task);
        void task.finally(() => running.delete(task));
      });
    },
    async drain(deadlineMs) {
      if (running.size === 0) return true;
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
