/** Holds work to so many pieces at a time. */
export interface Queue {
  /**
   * Runs `work` when its turn comes, first come, first served. While it waits, `onWait` hears how many stand before it.
   * Rejects with the signal's reason when that is aborted before the turn came; from then on the work minds it itself.
   */
  run<T>(work: () => Promise<T>, waiter: Waiter): Promise<T>;
}

interface Waiter {
  signal: AbortSignal;
  onWait?: ((before: number) => void) | undefined;
}

interface Entry {
  start: () => void;
  /** Tells the waiter how many stand before it. Never throws: what the waiter's listener throws ends its own wait. */
  tell: (before: number) => void;
}

/** Each word to a waiter draws a card: a long line must not draw all of them whenever one probe ends. */
const NEAR = 10;
const STEP = 10;

/** A queue of one process. */
export function createQueue(concurrency: number): Queue {
  const line: Entry[] = [];
  let running = 0;

  /** Tells those from this place on how many are left before them; far back every tenth step is news enough. */
  function tell(from: number): void {
    for (let at = from; at < line.length; at += at < NEAR ? 1 : STEP) line[at]?.tell(at);
  }

  function turn({ signal, onWait }: Waiter): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): number => {
        signal.removeEventListener('abort', onAbort);
        const at = line.indexOf(entry);
        line.splice(at, 1);
        reject(reason);
        return at;
      };
      const onAbort = (): void => tell(leave(signal.reason));
      const start = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const entry: Entry = {
        start,
        tell: (before) => {
          try {
            onWait?.(before);
          } catch (error) {
            leave(error);
          }
        },
      };
      line.push(entry);
      signal.addEventListener('abort', onAbort, { once: true });
      entry.tell(line.length - 1);
    });
  }

  return {
    async run(work, waiter) {
      waiter.signal.throwIfAborted();
      // Whoever ends hands its place over, so nobody can slip in between.
      if (running < concurrency) running += 1;
      else await turn(waiter);
      try {
        return await work();
      } finally {
        const next = line.shift();
        if (next === undefined) running -= 1;
        else next.start();
        tell(0);
      }
    },
  };
}
