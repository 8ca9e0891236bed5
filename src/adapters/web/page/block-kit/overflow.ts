import { el } from '../dom.ts';
import { type Fields, fields, list, text } from '../json.ts';
import { openMenu } from '../menu.ts';
import { pressControl } from './button.ts';
import type { BlockContext } from './context.ts';

/** `overflow`: a button with three dots that opens a menu; entries press or link. */
export function drawOverflow(element: Fields, context: BlockContext): HTMLElement {
  const control = el('button', {
    class: 'bk-button bk-overflow',
    text: '⋯',
    attrs: { type: 'button', 'aria-label': 'More actions', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
    on: {
      click: () =>
        openMenu(
          control,
          list(element.options).map((option) => ({
            label: text(fields(option.text).text),
            hint: text(fields(option.description).text),
            url: text(option.url),
            choose: () => void pressControl(control, element, text(option.value), context),
          })),
        ),
    },
  });
  return control;
}
