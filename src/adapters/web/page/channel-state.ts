import type { WireMessage } from './wire.ts';

/** The messages as the page knows them. Views listen and draw. */
export interface ChannelState {
  get(id: string): WireMessage | undefined;
  /** Messages of the channel itself, oldest first. */
  roots(): WireMessage[];
  /** Messages in the thread of `rootId`, oldest first. */
  replies(rootId: string): WireMessage[];
  /** Adds or replaces. */
  put(message: WireMessage): void;
  remove(ids: string[]): void;
  /** Forgets everything and starts again from `messages`. */
  reset(messages: WireMessage[]): void;
  /** `id` is the message that changed, undefined after a reset. */
  listen(listener: (id: string | undefined) => void): void;
}

/** An empty channel. */
export function createChannelState(): ChannelState {
  const messages = new Map<string, WireMessage>();
  const listeners: ((id: string | undefined) => void)[] = [];
  const tell = (id: string | undefined): void => {
    for (const listener of listeners) listener(id);
  };

  return {
    get: (id) => messages.get(id),
    roots: () => [...messages.values()].filter((message) => message.threadId === undefined),
    replies: (rootId) => [...messages.values()].filter((message) => message.threadId === rootId),
    put(message) {
      messages.set(message.id, message);
      tell(message.id);
    },
    remove(ids) {
      for (const id of ids) if (messages.delete(id)) tell(id);
    },
    reset(all) {
      messages.clear();
      for (const message of all) messages.set(message.id, message);
      tell(undefined);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
