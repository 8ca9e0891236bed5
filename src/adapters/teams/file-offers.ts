import { randomUUID } from 'node:crypto';
import type { CardFile } from '../../../cards/card.ts';
import type { Place } from '../../chat/port.ts';
import type { Clock } from '../../clock.ts';

/** Files offered with a consent card, kept until the person takes or declines them. */
export interface FileOffers {
  /** Keeps the file and returns the id that comes back with the answer. */
  offer(place: Place, file: CardFile): string;
  /** The file, once, when it was offered in this conversation and is still kept. */
  take(id: string, channelId: string): CardFile | undefined;
}

const MAX_AGE_MS = 60 * 60 * 1000;
const MAX_TOTAL = 32 * 1024 * 1024;

/**
 * Teams wants the bytes only after the person agrees. They are kept in memory for an hour and at most 32 MB together:
 * after that, or after a restart, the person is told to ask again.
 */
export function createFileOffers(clock: Clock): FileOffers {
  const offers = new Map<string, { file: CardFile; channelId: string; at: number }>();
  let total = 0;

  function remove(id: string): void {
    total -= offers.get(id)?.file.content.length ?? 0;
    offers.delete(id);
  }

  return {
    offer(place, file) {
      const id = randomUUID();
      offers.set(id, { file, channelId: place.channelId, at: clock.elapsed() });
      total += file.content.length;
      for (const [oldest, { at }] of offers) {
        if (oldest === id || (total <= MAX_TOTAL && clock.elapsed() - at < MAX_AGE_MS)) break;
        remove(oldest);
      }
      return id;
    },
    take(id, channelId) {
      const found = offers.get(id);
      if (found === undefined || found.channelId !== channelId) return undefined;
      remove(id);
      return clock.elapsed() - found.at < MAX_AGE_MS ? found.file : undefined;
    },
  };
}
