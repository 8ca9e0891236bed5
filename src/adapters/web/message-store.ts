import type { WireMessage } from './page/wire.ts';

/** Messages of the channel in the order in which they came, bounded. */
export interface MessageStore {
  all(): WireMessage[];
  get(id: string): WireMessage | undefined;
  /** Adds a message; returns the ids that had to make room for it. */
  add(message: WireMessage): string[];
  /** Replaces a message that is still kept. */
  replace(message: WireMessage): void;
}

/** Keeps `capacity` messages; the oldest root goes first and takes its whole thread along. */
export function createMessageStore(capacity = 500): MessageStore {
  const kept = new Map<string, WireMessage>();

  function makeRoom(newcomer: WireMessage): string[] {
    const gone: string[] = [];
    for (const oldest of kept.values()) {
      if (kept.size <= capacity) break;
      if (oldest.id === newcomer.id || oldest.id === newcomer.threadId) continue;
      for (const message of [...kept.values()]) {
        const belongs = message.id === oldest.id || message.threadId === oldest.id;
        if (belongs && message.id !== newcomer.id && kept.delete(message.id)) gone.push(message.id);
      }
    }
    return gone;
  }

  return {
    all: () => [...kept.values()],
    get: (id) => kept.get(id),
    add(message) {
      kept.set(message.id, message);
      return makeRoom(message);
    },
    replace(message) {
      if (kept.has(message.id)) kept.set(message.id, message);
    },
  };
}
