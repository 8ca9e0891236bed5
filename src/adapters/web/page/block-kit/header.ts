import { el } from '../dom.ts';
import type { Fields } from '../json.ts';
import { drawText } from './text-object.ts';

/** `header`: one bold line. */
export function drawHeader(block: Fields): HTMLElement {
  return el('h3', { class: 'bk-header' }, drawText(block.text));
}
