import type { CardFile } from '../../../cards/card.ts';
import type { EventLog } from './event-log.ts';
import type { FileShelf } from './file-shelf.ts';
import type { MessageStore } from './message-store.ts';
import type { WireFile, WireForm, WireMessage } from './page/wire.ts';

/** The channel: its messages, and the events that tell open pages about them. */
export interface Channel {
  get(id: string): WireMessage | undefined;
  all(): WireMessage[];
  /** Gives the message its id and time, keeps it and announces it under `event`. */
  add(event: 'posted' | 'ephemeral' | 'file', message: Omit<WireMessage, 'id' | 'at'>): WireMessage;
  edit(message: WireMessage, changes: Partial<WireMessage>): void;
  keepFile(file: CardFile): WireFile;
  announceForm(form: WireForm): void;
}

/** Joins the store, the shelf and the log; `now` gives the time of messages. */
export function createChannel(parts: {
  store: MessageStore;
  shelf: FileShelf;
  log: EventLog;
  newId: () => string;
  now: () => Date;
}): Channel {
  const { store, shelf, log } = parts;
  return {
    get: (id) => store.get(id),
    all: () => store.all(),
    add(event, content) {
      const message: WireMessage = { id: parts.newId(), at: parts.now().toISOString(), ...content };
      const gone = store.add(message);
      log.append(event, message);
      if (gone.length > 0) log.append('removed', { ids: gone });
      return message;
    },
    edit(message, changes) {
      const edited: WireMessage = { ...message, ...changes, editedAt: parts.now().toISOString() };
      store.replace(edited);
      log.append('edited', edited);
    },
    keepFile: (file) => shelf.put(file),
    announceForm: (form) => log.append('form', form),
  };
}
