import type { Fields } from '../json.ts';
import { drawButton } from './button.ts';
import type { BlockContext } from './context.ts';
import { drawImageElement } from './image.ts';
import { drawOverflow } from './overflow.ts';
import { drawUnknown } from './unknown.ts';

/** An element inside a section or an actions block. */
export function drawElement(element: Fields, context: BlockContext): HTMLElement {
  if (element.type === 'button') return drawButton(element, context);
  if (element.type === 'overflow') return drawOverflow(element, context);
  if (element.type === 'image') return drawImageElement(element);
  return drawUnknown(element);
}
