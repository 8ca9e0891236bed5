import type { Clock } from '../../clock.ts';

/** Defers mail from whom it has not seen before (RFC 6647). */
export interface Greylist {
  /** Seconds still to wait for this sender and recipient; 0 when the mail may pass. */
  waitFor(from: string, to: string): number;
}

const MAX_ENTRIES = 1000;

export function createGreylist(delayS: number, clock: Clock): Greylist {
  const firstSeen = new Map<string, number>();
  return {
    waitFor(from, to) {
      const key = `${from.toLowerCase()} ${to.toLowerCase()}`;
      const now = clock.elapsed();
      const seen = firstSeen.get(key);
      if (seen !== undefined) return Math.max(0, Math.ceil(delayS - (now - seen) / 1000));
      const oldest = firstSeen.keys().next();
      if (firstSeen.size >= MAX_ENTRIES && !oldest.done) firstSeen.delete(oldest.value);
      firstSeen.set(key, now);
      return delayS;
    },
  };
}
