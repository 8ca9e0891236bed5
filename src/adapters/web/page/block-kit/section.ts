import { el } from '../dom.ts';
import { type Fields, fields, list } from '../json.ts';
import type { BlockContext } from './context.ts';
import { drawElement } from './element.ts';
import { drawText } from './text-object.ts';

/** `section`: text, pairs of fields, and at most one accessory beside them. */
export function drawSection(block: Fields, context: BlockContext): HTMLElement {
  const pairs = list(block.fields);
  const body = el('div', { class: 'bk-section-body' });
  if (block.text !== undefined) body.append(el('div', {}, drawText(block.text)));
  if (pairs.length > 0) {
    body.append(el('div', { class: 'bk-fields' }, ...pairs.map((pair) => el('div', {}, drawText(pair)))));
  }
  const section = el('div', { class: 'bk-section' }, body);
  if (block.accessory !== undefined) section.append(drawElement(fields(block.accessory), context));
  return section;
}
