/** What the server and the page say to each other. Types only: both sides import this file, neither runs it. */

/** A file beside a message that can be fetched from `/api/files/<id>`, or one that the person attached (`sent`). */
export interface WireFile {
  id: string;
  name: string;
  title: string;
  /** Bytes. */
  size: number;
  /** The person attached it: it is shown, not offered for download. */
  sent?: boolean;
}

/** One message of the channel, with both drawings of the same card. */
export interface WireMessage {
  id: string;
  /** Root message, when this one stands in a thread. */
  threadId?: string;
  author: 'person' | 'bot';
  /** ISO 8601, UTC. */
  at: string;
  editedAt?: string;
  /** The person's line, or the plain words of the card. */
  text: string;
  /** Only the person who asked sees it. */
  ephemeral?: boolean;
  /** Exactly what Slack would get. */
  slack?: { text: string; blocks: unknown[] };
  /** Exactly what Teams would get. */
  teams?: { summary: string; card: unknown };
  files: WireFile[];
}

/** A form that the server asks one browser tab to open. */
export interface WireForm {
  formId: string;
  /** The tab that asked for it; the others ignore it. */
  client: string;
  /** A Slack `views.open` view. */
  modal: unknown;
}

/** An option of a command, for completion. */
export interface WireOption {
  /** As typed: `--depth`. */
  flag: string;
  takesValue: boolean;
  hint: string;
  choices: string[];
  help: string;
}

/** A command, for completion and for the first-visit examples. */
export interface WireCommand {
  name: string;
  summary: string;
  usage: string;
  examples: string[];
  options: WireOption[];
  takesFiles: boolean;
}

/** What the page asks for once. */
export interface WireSetup {
  commands: WireCommand[];
  /** Names of the built-in mail world. */
  names: { name: string; what: string }[];
  /** Lines to try on a first visit. */
  examples: string[];
  /** Largest file, in bytes. */
  maxUpload: number;
}

/** The channel as it is, and the event after which the stream goes on. */
export interface WireHistory {
  messages: WireMessage[];
  lastEvent: string;
}

/** Events of the stream with what they carry. `reset`: the page is too far behind and must load the history again. */
export interface WireEvents {
  posted: WireMessage;
  edited: WireMessage;
  ephemeral: WireMessage;
  file: WireMessage;
  form: WireForm;
  removed: { ids: string[] };
  reset: Record<string, never>;
}
export type WireEventName = keyof WireEvents;
