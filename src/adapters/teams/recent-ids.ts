import type { Clock } from '../../clock.ts';

/** Remembers ids for a while, a bounded number of them: the oldest are forgotten first. */
export interface RecentIds {
  /** True the first time an id is seen within the time, false for a repeat. */
  isNew(id: string): boolean;
}

/** @param options.maxAgeMs how long an id counts as seen; `options.maxSize` how many are kept. */
export function createRecentIds(options: { clock: Clock; maxAgeMs: number; maxSize: number }): RecentIds {
  const seen = new Map<string, number>();
  return {
    isNew(id) {
      const now = options.clock.elapsed();
      for (const [oldest, at] of seen) {
        if (now - at < options.maxAgeMs && seen.size < options.maxSize) break;
        seen.delete(oldest);
      }
      if (seen.has(id)) return false;
      seen.set(id, now);
      return true;
    },
  };
}
