/** Remembers keys for a while, so that the second delivery of the same thing can be told from the first. */
export interface Seen {
  /** True the first time a key comes within the time to live. */
  first(key: string): boolean;
}

/**
 * Bounded in time and in number: beyond `max` keys the oldest is forgotten. `now` is a steady clock in milliseconds.
 */
export function createSeen(options: { ttlMs: number; max: number; now: () => number }): Seen {
  // A Map keeps the order of insertion, so the oldest key is always the first one.
  const seenAt = new Map<string, number>();

  function forgetOld(now: number): void {
    for (const [key, at] of seenAt) {
      if (now - at < options.ttlMs && seenAt.size < options.max) return;
      seenAt.delete(key);
    }
  }

  return {
    first(key) {
      const now = options.now();
      forgetOld(now);
      if (seenAt.has(key)) return false;
      seenAt.set(key, now);
      return true;
    },
  };
}
