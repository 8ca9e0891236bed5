import type { Logger } from '../log.ts';

/** Work that was acknowledged and goes on after the request that brought it. */
export interface InFlight {
  /** Starts the work in a later turn, so that acknowledgements leave first. Never throws. */
  run(event: string, work: () => Promise<void>): void;
  /** Resolves when everything has settled, or after `deadlineMs`. True when nothing was left. */
  drain(deadlineMs: number): Promise<boolean>;
}

/**
 * Starts one piece of work a turn of the event loop: when many requests come at once, all that have arrived are
 * acknowledged between two starts. A failing piece of work is a line in the log, never an unhandled rejection.
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
      const task = settle(event, work);
      running.add(task);
      void task.finally(() => running.delete(task));
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
