import { drawAdaptiveCard } from '../adaptive/draw-card.ts';
import { sendPress } from '../api.ts';
import type { BlockContext } from '../block-kit/context.ts';
import { drawBlocks } from '../block-kit/draw-blocks.ts';
import { askConfirm } from '../confirm.ts';
import { el } from '../dom.ts';
import type { Drawing } from '../drawing.ts';
import { byteSize } from '../format.ts';
import { toastError } from '../toast.ts';
import type { WireFile, WireMessage } from '../wire.ts';

/** A button stays unusable at least this long, so that a second click of a double click does nothing. */
const MIN_PRESS_MS = 350;

/** What a message says: the card in the chosen drawing, or the person's own line, with the files. */
export function drawContent(message: WireMessage, drawing: Drawing): HTMLElement {
  const press = (value: unknown): Promise<void> => pressButton(message.id, value);
  const content = el('div', { class: 'message-content' });
  if (drawing === 'slack' && message.slack !== undefined) {
    const context: BlockContext = { press, confirm: askConfirm, inputs: new Map() };
    content.append(drawBlocks(message.slack.blocks, context));
  } else if (drawing === 'teams' && message.teams !== undefined) {
    content.append(drawAdaptiveCard(message.teams.card, press));
  } else if (message.text !== '' && !message.files.some((file) => file.title === message.text)) {
    content.append(el('p', { class: 'message-line', text: message.text }));
  }
  if (message.files.length > 0) content.append(el('div', { class: 'files' }, ...message.files.map(drawFile)));
  return content;
}

async function pressButton(messageId: string, value: unknown): Promise<void> {
  try {
    await Promise.all([sendPress(messageId, value), new Promise((resolve) => setTimeout(resolve, MIN_PRESS_MS))]);
  } catch (error) {
    toastError(error);
  }
}

function drawFile(file: WireFile): HTMLElement {
  const words = [el('strong', { text: file.title || file.name }), el('small', { text: fileLine(file) })];
  if (file.sent === true) return el('span', { class: 'file' }, ...words);
  const attrs = { href: `/api/files/${encodeURIComponent(file.id)}`, download: file.name };
  return el('a', { class: 'file', attrs }, ...words);
}

function fileLine(file: WireFile): string {
  const size = byteSize(file.size);
  return file.title === '' || file.title === file.name ? size : `${file.name} · ${size}`;
}
