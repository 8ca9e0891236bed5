import { el } from '../dom.ts';
import { type Fields, list } from '../json.ts';
import { drawActions } from './actions.ts';
import { type BlockContext, drawContext } from './context.ts';
import { drawHeader } from './header.ts';
import { drawImage } from './image.ts';
import { drawInput } from './input.ts';
import { drawRichText } from './rich-text.ts';
import { drawSection } from './section.ts';
import { drawTable } from './table.ts';
import { drawUnknown } from './unknown.ts';

type DrawBlock = (block: Fields, context: BlockContext) => HTMLElement;

/** One row a block type; another type is another file and another row. */
const BLOCKS = new Map<unknown, DrawBlock>([
  ['header', drawHeader],
  ['section', drawSection],
  ['context', drawContext],
  ['divider', () => el('hr', { class: 'bk-divider' })],
  ['actions', drawActions],
  ['rich_text', drawRichText],
  ['table', drawTable],
  ['image', drawImage],
  ['input', drawInput],
]);

/** Draws the blocks of a message or a view as Slack would. */
export function drawBlocks(blocks: unknown, context: BlockContext): HTMLElement {
  const drawn = list(blocks).map((block) => (BLOCKS.get(block.type) ?? drawUnknown)(block, context));
  return el('div', { class: 'bk' }, ...drawn);
}
