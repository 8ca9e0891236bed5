import type { Readable } from 'node:stream';
import type { Card, CardFile } from '../../cards/card.ts';
import type { Form } from '../../cards/form.ts';

/**
 * The port between mailmedic and a chat platform: verbs over neutral cards and nothing else. Adapters implement it;
 * everything inside speaks only this. Every method may throw PlatformError.
 */
export interface ChatPort {
  readonly platform: Platform;
  capabilities(): Capabilities;
  /** A new message in a channel (or a thread, when the place names one). */
  post(place: Place, answer: Answer): Promise<MessageRef>;
  /** Replaces the card of a message that we posted. */
  edit(ref: MessageRef, answer: Answer): Promise<void>;
  /** A message in the thread of `ref`. */
  reply(ref: MessageRef, answer: Answer): Promise<MessageRef>;
  /** Only `user` sees it. Throws rather than becoming public. */
  ephemeral(place: Place, user: User, answer: Answer): Promise<void>;
  /** Opens the form of a command; `trigger` is what the platform gave with the command or press. */
  openForm(place: Place, trigger: FormTrigger, form: Form): Promise<void>;
  /** Puts a file beside the answer. */
  upload(place: Place, file: CardFile): Promise<void>;
  /** The name to show for a user id; the id itself when the platform does not tell. */
  resolveUser(id: string): Promise<User>;
}

export type Platform = 'slack' | 'teams' | 'web';

export interface Capabilities {
  /** A private answer is possible in this place. */
  ephemeral: boolean;
  threads: boolean;
  forms: boolean;
  files: boolean;
}

/** A card to draw, with the id under which its folds and revision are kept. */
export interface Answer {
  card: Card;
  /** Id of the run that made the card; its buttons carry it. */
  runId?: string;
  /** Counts the edits of this run's card; a press carries the revision it was drawn for. */
  revision?: number;
}

/** Where a conversation happens. Plain JSON, so that it can be stored and used after a restart. */
export interface Place {
  platform: Platform;
  /** Workspace or tenant. */
  teamId: string;
  channelId: string;
  /** Root message of the thread, when the place is inside one. */
  threadId?: string;
  /** A conversation with one person only: nobody else reads it. */
  direct: boolean;
  /** What the adapter needs besides, opaque to everyone else. */
  extra?: Record<string, unknown>;
}

/** A message that we posted. Plain JSON. */
export interface MessageRef {
  place: Place;
  messageId: string;
}

export interface User {
  id: string;
  name: string;
}

/** What a platform gives with a press or a command so that a form can be opened; opaque. */
export type FormTrigger = Record<string, unknown>;

/** A file that a person handed over; opened only when it is needed. */
export interface IncomingFile {
  name: string;
  /** Bytes, when the platform says so. */
  size?: number;
  open(signal: AbortSignal): Promise<Readable>;
}

/** What comes with everything that an adapter hands over. */
export interface Incoming {
  port: ChatPort;
  place: Place;
  user: User;
  /** The platform's own id of this delivery, for dropping repeats. */
  deliveryId?: string;
  /** Called when what came would survive a crash from now on, or its answer begins: it may be acknowledged. */
  kept?: () => void;
}

/** A command as a person typed it, pressed it or filled it in. */
export interface IncomingCommand extends Incoming {
  /** The words, with or without the slash: `/probe contoso.com`. */
  line: string;
  files?: IncomingFile[];
  trigger?: FormTrigger;
  /** The message whose button was pressed: the answer replaces it (`edit`) or goes into its thread. */
  origin?: MessageRef;
}

/** A press of one of our buttons. */
export interface IncomingPress extends Incoming {
  /** The button's value as it came: untrusted. */
  value: unknown;
  message: MessageRef;
  trigger?: FormTrigger;
}

/** A form that a person sent. */
export interface IncomingForm extends Incoming {
  command: string;
  values: Record<string, string>;
  files: IncomingFile[];
}

/** What an adapter calls. None of them throws: trouble becomes a card for the person and a line in the log. */
export interface ChatHandler {
  command(incoming: IncomingCommand): Promise<void>;
  press(incoming: IncomingPress): Promise<void>;
  form(incoming: IncomingForm): Promise<void>;
}
