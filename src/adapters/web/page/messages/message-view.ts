import { el } from '../dom.ts';
import type { Drawing } from '../drawing.ts';
import { clockTime, fullTime, replyCount } from '../format.ts';
import type { WireMessage } from '../wire.ts';
import { openJsonDialog } from './json-dialog.ts';
import { drawContent } from './message-content.ts';

/** What a message row needs from the list it stands in. */
export interface MessageViewOptions {
  drawing: () => Drawing;
  /** Opens the thread; a row without it (inside a thread) offers none. */
  openThread?: (rootId: string) => void;
}

/** One row: who, when, what, and the tools beside it. */
export interface MessageView {
  element: HTMLElement;
  /** Draws the message anew when it is another than before. `replies` are those in its thread. */
  update(message: WireMessage, replies: WireMessage[]): void;
}

/** Makes the row of one message. */
export function createMessageView(options: MessageViewOptions): MessageView {
  const element = el('article', { class: 'message' });
  const thread = el('div', {});
  let drawn: WireMessage | undefined;
  return {
    element,
    update(message, replies) {
      thread.replaceChildren(...threadLink(message, replies, options));
      // A reply changes the line under the message only: what the reader has unfolded stays unfolded.
      if (drawn === message) return;
      drawn = message;
      const drawing = options.drawing();
      const keep = focusedIndex(element);
      element.dataset.author = message.author;
      element.dataset.messageId = message.id;
      element.classList.toggle('message-private', message.ephemeral === true);
      element.setAttribute('aria-label', `${authorName(message)}, ${clockTime(message.at)}`);
      element.replaceChildren(
        avatar(message),
        el('div', { class: 'message-body' }, headLine(message), drawContent(message, drawing), thread),
        tools(message, options),
      );
      if (keep !== undefined) focusables(element)[keep]?.focus();
    },
  };
}

function avatar(message: WireMessage): HTMLElement {
  if (message.author === 'person')
    return el('span', { class: 'avatar avatar-person', text: 'Y', attrs: { 'aria-hidden': 'true' } });
  return el('img', { class: 'avatar', attrs: { src: '/page/icon.svg', alt: '', width: '36', height: '36' } });
}

function authorName(message: WireMessage): string {
  return message.author === 'person' ? 'You' : 'mailmedic';
}

function headLine(message: WireMessage): HTMLElement {
  return el(
    'div',
    { class: 'message-head' },
    el('strong', { text: authorName(message) }),
    message.author === 'bot' ? el('span', { class: 'app-mark', text: 'APP' }) : undefined,
    el('time', { text: clockTime(message.at), attrs: { datetime: message.at, title: fullTime(message.at) } }),
    message.editedAt === undefined
      ? undefined
      : el('span', { text: 'updated', attrs: { title: fullTime(message.editedAt) } }),
    message.ephemeral === true ? el('span', { class: 'private-mark', text: 'Only visible to you' }) : undefined,
  );
}

function threadLink(message: WireMessage, replies: WireMessage[], { openThread }: MessageViewOptions): HTMLElement[] {
  const last = replies.at(-1);
  if (last === undefined || openThread === undefined) return [];
  return [
    el(
      'button',
      { class: 'thread-link', attrs: { type: 'button' }, on: { click: () => openThread(message.id) } },
      el('strong', { text: replyCount(replies.length) }),
      el('small', { text: `last ${clockTime(last.at)}` }),
    ),
  ];
}

function tools(message: WireMessage, { openThread, drawing }: MessageViewOptions): HTMLElement {
  const row = el('div', { class: 'message-tools-row' });
  const add = (label: string, title: string, act: () => void): void => {
    row.append(el('button', { text: label, attrs: { type: 'button', title }, on: { click: act } }));
  };
  if (openThread !== undefined && message.ephemeral !== true) {
    add('Reply in thread', 'Open the thread of this message', () => openThread(message.id));
  }
  if (message.slack !== undefined) add('JSON', 'What the platform gets', () => openJsonDialog(message, drawing()));
  return el('div', { class: 'message-tools' }, row);
}

/** An edit draws the row anew; whoever stood on a button of it must not be thrown to the top of the page. */
function focusedIndex(element: HTMLElement): number | undefined {
  const at = focusables(element).indexOf(document.activeElement as HTMLElement);
  return at === -1 ? undefined : at;
}

function focusables(element: HTMLElement): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>('button, a[href], [tabindex]')];
}
