/** Remembers ids for a while, so that a delivery that a platform repeats is handled once. Bounded. */
export interface Seen {
  /** True the first time an id is shown, false on every repeat within the time. */
  firstTime(id: string): boolean;
}

/** @param keepMs how long an id is remembered @param max how many at most, oldest forgotten first */
export function createSeen(keepMs: number, max: number, elapsed: () => number): Seen {
  const times = new Map<string, number>();
  return {
    firstTime(id) {
      const now = elapsed();
      for (const [old, at] of times) {
        if (now - at < keepMs && times.size <= max) break;
        times.delete(old);
      }
      if (times.has(id)) return false;
      times.set(id, now);
      return true;
    },
  };
}
