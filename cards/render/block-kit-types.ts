/** The part of Block Kit that mailmedic draws. Own types: only src/adapters/slack knows Slack's packages. */

/** Text without markup. */
export interface PlainTextObject {
  type: 'plain_text';
  text: string;
  emoji: false;
}

/** A run of a rich_text block. Slack parses no markup in it. */
export type RichTextRun =
  | { type: 'text'; text: string; style?: RunStyle }
  | { type: 'link'; url: string; text: string; style?: RunStyle };

/** Style of a run. */
export interface RunStyle {
  bold?: true;
  code?: true;
}

/** A paragraph, or an item of a list. */
export interface RichTextSection {
  type: 'rich_text_section';
  elements: RichTextRun[];
}

/** What a rich_text block holds. */
export type RichTextPart =
  | RichTextSection
  | { type: 'rich_text_list'; style: 'ordered' | 'bullet'; elements: RichTextSection[] }
  | { type: 'rich_text_preformatted'; elements: RichTextRun[] };

/** A question before a press counts. */
export interface ConfirmObject {
  title: PlainTextObject;
  text: PlainTextObject;
  confirm: PlainTextObject;
  deny: PlainTextObject;
}

/** A button with a value for the handler, or a link. */
export interface ButtonElement {
  type: 'button';
  action_id: string;
  text: PlainTextObject;
  value?: string;
  url?: string;
  style?: 'primary';
  confirm?: ConfirmObject;
}

/** The menu behind ⋯. */
export interface OverflowElement {
  type: 'overflow';
  action_id: string;
  options: { text: PlainTextObject; value: string }[];
}

/** The blocks of a message. */
export type SlackBlock =
  | { type: 'rich_text'; elements: RichTextPart[] }
  | { type: 'context'; elements: PlainTextObject[] }
  | { type: 'table'; rows: { type: 'raw_text'; text: string }[][] }
  | { type: 'divider' }
  | { type: 'actions'; elements: (ButtonElement | OverflowElement)[] };

/** A plain_text object; emoji codes stay as they are written, so that remote text cannot draw pictures. */
export function plain(text: string): PlainTextObject {
  return { type: 'plain_text', text, emoji: false };
}
