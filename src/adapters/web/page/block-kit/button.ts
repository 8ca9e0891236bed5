import { el, httpUrl } from '../dom.ts';
import { type Fields, fields, text } from '../json.ts';
import type { BlockContext } from './context.ts';

/** `button`: a link when it has a url, else a press that carries its value. */
export function drawButton(button: Fields, context: BlockContext): HTMLElement {
  const label = text(fields(button.text).text);
  const style = button.style === 'primary' || button.style === 'danger' ? ` bk-${button.style}` : '';
  const url = httpUrl(text(button.url));
  if (url !== undefined) {
    const attrs = { href: url, target: '_blank', rel: 'noopener noreferrer' };
    return el('a', { class: `bk-button bk-link-button${style}`, text: label, attrs });
  }
  const control = el('button', {
    class: `bk-button${style}`,
    text: label,
    attrs: { type: 'button', 'aria-label': text(button.accessibility_label) || undefined },
    on: { click: () => void pressControl(control, button, text(button.value), context) },
  });
  return control;
}

/** Asks when the element wants that, then presses; the control cannot be used again until the server has it. */
export async function pressControl(
  control: HTMLButtonElement,
  element: Fields,
  value: string,
  context: BlockContext,
): Promise<void> {
  if (element.confirm !== undefined && !(await context.confirm(fields(element.confirm)))) return;
  control.disabled = true;
  control.setAttribute('aria-busy', 'true');
  try {
    await context.press(value);
  } finally {
    control.disabled = false;
    control.removeAttribute('aria-busy');
  }
}
