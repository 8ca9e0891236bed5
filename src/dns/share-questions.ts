import { setMaxListeners } from 'node:events';

/** Runs `work` for a key, or joins the run that is under way. Rejects with the reason of the asker's own signal. */
export type Share<T> = (key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;

interface Running<T> {
  result: Promise<T>;
  stop: AbortController;
  askers: number;
  done: boolean;
}

/**
 * Lets all who ask the same thing at the same time wait for one answer, as probes of one domain do. The work is aborted when
 * the last of them has gone; nothing is kept once it is done.
 */
export function shareQuestions<T>(): Share<T> {
  const running = new Map<string, Running<T>>();
  const forget = (key: string, one: Running<T>): void => {
    if (running.get(key) === one) running.delete(key);
  };
  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> => {
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const finish = (): void => {
      one.done = true;
      forget(key, one);
    };
    const one: Running<T> = { result: work(stop.signal).finally(finish), stop, askers: 0, done: false };
    running.set(key, one);
    return one;
  };
  return async (key, work, signal) => {
    signal?.throwIfAborted();
    const one = running.get(key) ?? start(key, work);
    one.askers += 1;
    try {
      return await abortable(one.result, signal);
    } finally {
      one.askers -= 1;
      if (one.askers === 0 && !one.done) {
        // Whoever asks from now on must not join what is being stopped.
        forget(key, one);
        one.stop.abort();
      }
    }
  };
}

/** Waits for `work` or for the abort, whichever comes first. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  // Many questions wait on one signal at a time; that is no leak to warn of.
  setMaxListeners(0, signal);
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
