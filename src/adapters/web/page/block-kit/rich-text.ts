import { el } from '../dom.ts';
import { type Fields, fields, list, text } from '../json.ts';
import type { Run } from './mrkdwn.ts';
import { drawRun } from './text-object.ts';
import { drawUnknown } from './unknown.ts';

/** `rich_text`: sections, lists, preformatted text and quotes. */
export function drawRichText(block: Fields): HTMLElement {
  const root = el('div', { class: 'bk-rich' });
  // Slack splits one numbered list with inner lists into several; `offset` goes on counting.
  for (const part of list(block.elements)) root.append(drawPart(part));
  return root;
}

function drawPart(part: Fields): HTMLElement {
  const inline = (): Node[] => list(part.elements).map((piece) => drawRun(inlineRun(piece)));
  switch (part.type) {
    case 'rich_text_section':
      return el('div', { class: 'bk-rich-section' }, ...inline());
    case 'rich_text_preformatted':
      return el('pre', { class: 'bk-pre' }, ...inline());
    case 'rich_text_quote':
      return el('blockquote', { class: 'bk-quote' }, ...inline());
    case 'rich_text_list':
      return drawList(part);
    default:
      return drawUnknown(part);
  }
}

function drawList(part: Fields): HTMLElement {
  const ordered = part.style === 'ordered';
  const offset = typeof part.offset === 'number' ? part.offset : 0;
  const indent = typeof part.indent === 'number' ? Math.min(Math.max(part.indent, 0), 8) : 0;
  const items = list(part.elements).map((item) => el('li', {}, drawPart(item)));
  const attrs = { start: ordered && offset > 0 ? String(offset + 1) : undefined };
  const root = el(ordered ? 'ol' : 'ul', { class: 'bk-list', attrs }, ...items);
  if (indent > 0) root.style.marginInlineStart = `${indent * 1.6}rem`;
  return root;
}

function inlineRun(piece: Fields): Run {
  const style = fields(piece.style);
  const run: Run = { text: inlineText(piece) };
  if (piece.type === 'link') run.url = text(piece.url);
  if (['user', 'usergroup', 'channel', 'broadcast'].includes(text(piece.type))) run.mention = true;
  if (style.bold === true) run.bold = true;
  if (style.italic === true) run.italic = true;
  if (style.strike === true) run.strike = true;
  if (style.code === true) run.code = true;
  return run;
}

function inlineText(piece: Fields): string {
  switch (piece.type) {
    case 'text':
      return text(piece.text);
    case 'link':
      return text(piece.text) || text(piece.url);
    case 'emoji':
      return emoji(text(piece.unicode)) ?? `:${text(piece.name)}:`;
    case 'user':
      return `@${text(piece.user_id)}`;
    case 'usergroup':
      return `@${text(piece.usergroup_id)}`;
    case 'channel':
      return `#${text(piece.channel_id)}`;
    case 'broadcast':
      return `@${text(piece.range)}`;
    case 'date':
      return text(piece.fallback);
    default:
      return `[${text(piece.type)}]`;
  }
}

/** `1f6d1-fe0f` to the character. */
function emoji(unicode: string): string | undefined {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/.test(unicode)) return undefined;
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}
