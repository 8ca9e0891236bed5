import type { WireEventName, WireEvents } from './page/wire.ts';

/** One event as the stream sends it; `data` is JSON without line breaks. */
export interface LoggedEvent {
  id: string;
  name: WireEventName;
  data: string;
}

/** The last events in order, so that a page that lost its connection gets what it missed. */
export interface EventLog {
  append<N extends WireEventName>(name: N, payload: WireEvents[N]): void;
  /** Id of the newest event; a stream that goes on after it misses nothing. */
  lastId(): string;
  /** Events after `id`, or undefined when that is no longer known (another start of the server, or too long ago). */
  after(id: string): LoggedEvent[] | undefined;
  /** Calls `listener` for every new event; returns the way to stop it. */
  listen(listener: (event: LoggedEvent) => void): () => void;
}

/** Keeps `capacity` events. `startId` marks this start of the server, so that ids of an earlier one are not taken for ours. */
export function createEventLog(startId: string, capacity = 300): EventLog {
  const kept: LoggedEvent[] = [];
  const listeners = new Set<(event: LoggedEvent) => void>();
  let count = 0;

  return {
    append(name, payload) {
      count += 1;
      const event: LoggedEvent = { id: `${startId}-${count}`, name, data: JSON.stringify(payload) };
      kept.push(event);
      if (kept.length > capacity) kept.shift();
      for (const listener of listeners) listener(event);
    },
    lastId: () => `${startId}-${count}`,
    after(id) {
      const seen = sequenceOf(id, startId);
      if (seen === undefined || seen > count || seen < count - kept.length) return undefined;
      return kept.slice(kept.length - (count - seen));
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function sequenceOf(id: string, startId: string): number | undefined {
  if (!id.startsWith(`${startId}-`)) return undefined;
  const digits = id.slice(startId.length + 1);
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
