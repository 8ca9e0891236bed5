import { el } from '../dom.ts';
import { type Fields, list } from '../json.ts';
import type { BlockContext } from './context.ts';
import { drawElement } from './element.ts';

/** `actions`: a row of buttons and menus. */
export function drawActions(block: Fields, context: BlockContext): HTMLElement {
  return el('div', { class: 'bk-actions' }, ...list(block.elements).map((part) => drawElement(part, context)));
}
