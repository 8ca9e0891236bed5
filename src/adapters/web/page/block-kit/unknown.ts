import { el } from '../dom.ts';
import { type Fields, text } from '../json.ts';

/** Says that this drawing does not know a block; its JSON is behind the message's JSON button. */
export function drawUnknown(block: Fields): HTMLElement {
  const type = text(block.type).slice(0, 60) || 'without type';
  return el('div', {
    class: 'bk-unknown',
    text: `Slack draws a block here (${type}) that this page cannot. Its JSON is behind the JSON button.`,
  });
}
