import type { ErrorType } from '../src/vocabulary.ts';

/**
 * The neutral card: what an answer says, before any platform draws it.
 * Strings are plain text from anywhere, never markup: renderers escape every one of them. Style comes from spans only.
 */
export interface Card {
  /** Stable name of what the card shows: `probe`, `diagnosis`, `trace`, `peer`, `help`, `error`, `running` … */
  kind: string;
  state: CardState;
  /** First line: state, name, reason. Renderers put the state's sign before it. */
  title: Text;
  /** Small print beside or under the title: time with zone, duration, code. */
  meta?: string;
  /** Whose it is and what follows for senders: "Owner: recipient. Senders that require TLS fail." */
  owner?: Text;
  /** What to do now, in order. Renderers number them. */
  steps?: Text[];
  /** Evidence that is read at once: stages, facts, small tables. */
  blocks?: CardBlock[];
  /** Evidence that folds away: transcript, certificate, headers. */
  details?: CardDetail[];
  /** At most two are drawn as buttons; the rest goes to the overflow menu. */
  actions?: CardAction[];
  /** Last line: what changed, what was left out, where the data came from. */
  footer?: Text;
  /** Files that belong to the answer (a report, a long transcript). Posted beside the card, never dropped. */
  files?: CardFile[];
  /** The blocks are not drawn but handed over as a file. */
  asFile?: boolean;
  /** Says that this answer comes from the built-in mail world, not from the internet. */
  sandbox?: boolean;
}

/** Drawn with a sign and a word, never by colour alone. */
export type CardState = 'ok' | 'degraded' | 'failed' | 'unknown' | 'info' | 'running' | 'stopped';

/** Plain text, or runs of text with style. */
export type Text = string | Span[];

export interface Span {
  text: string;
  style?: 'bold' | 'code' | 'muted';
  /** Makes the run a link; only http and https survive rendering. */
  url?: string;
}

export type CardBlock =
  | { type: 'text'; text: Text }
  /** Label and value pairs, short. */
  | { type: 'facts'; facts: { label: string; value: Text }[] }
  /** One line a tried path (address): stages passed in order, the failing one marked. */
  | { type: 'stages'; rows: StageRow[] }
  | { type: 'table'; columns: string[]; rows: string[][]; caption?: string }
  /** Monospaced text: a transcript, a command, a reply. `copy`: lines to paste elsewhere, so never wrapped. */
  | { type: 'code'; text: string; caption?: string; copy?: boolean };

export interface StageRow {
  /** `mx1.contoso.example 203.0.113.10` */
  label: string;
  stages: { name: string; state: 'ok' | 'failed' | 'degraded' | 'running'; ms?: number }[];
  /** One word or short sentence after the stages. */
  note?: string;
}

export interface CardDetail {
  /** Stable within the card: letters, digits, dashes. */
  id: string;
  /** Name of the button or fold that opens it. */
  title: string;
  blocks: CardBlock[];
}

/** A button. What it does is a command line of the one grammar, a link, or a fold of this card. */
export type CardAction =
  | { type: 'run'; label: string; line: string; where?: 'edit' | 'thread'; confirm?: string; primary?: boolean }
  | { type: 'link'; label: string; url: string; primary?: boolean }
  /** Opens a fold; `as: 'file'` hands its content over as a file instead. */
  | { type: 'detail'; label: string; detail: string; as?: 'file'; primary?: boolean }
  | { type: 'form'; label: string; command: string; primary?: boolean }
  | { type: 'cancel'; label: string; primary?: boolean };

export interface CardFile {
  name: string;
  title: string;
  content: string;
}

/** A place where the guidance for one error type can be read. */
export interface RunbookLink {
  title: string;
  url: string;
}

/** A runbook of an error type, as the knowledge base names it. */
export interface Runbook extends RunbookLink {
  errorType?: ErrorType;
}

/** The plain characters of a text. */
export function plainText(text: Text): string {
  return typeof text === 'string' ? text : text.map((span) => span.text).join('');
}
