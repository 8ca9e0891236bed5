import type { WireEventName, WireEvents } from './wire.ts';

/** What to do with each event of the stream. */
export type EventHandlers = { [N in WireEventName]: (payload: WireEvents[N]) => void };

const NAMES: WireEventName[] = ['posted', 'edited', 'ephemeral', 'file', 'form', 'removed', 'reset'];

/**
 * Listens to the channel after the event `lastEvent`. The browser reconnects by itself and says what it saw last;
 * `onState` tells whether the stream stands.
 */
export function listenToEvents(
  lastEvent: string,
  handlers: EventHandlers,
  onState: (connected: boolean) => void,
): EventSource {
  const source = new EventSource(`/api/events?after=${encodeURIComponent(lastEvent)}`);
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  for (const name of NAMES) {
    source.addEventListener(name, (event) => {
      const handle = handlers[name] as (payload: unknown) => void;
      handle(JSON.parse((event as MessageEvent<string>).data));
    });
  }
  return source;
}
