/** So many runs, so many of them at a time. */
export interface Round {
  count: number;
  parallel: number;
}

/** Runs the task `count` times; the first failure ends it. */
export async function runRound(task: () => Promise<unknown>, { count, parallel }: Round): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await task();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, worker));
}
