import { el } from '../dom.ts';
import type { Completion } from './completion.ts';

/** The list above the message box (WAI-ARIA combobox with listbox). */
export interface CompletionList {
  element: HTMLElement;
  show(items: Completion[], activeFirst: boolean): void;
  hide(): void;
  move(step: 1 | -1): void;
  isOpen(): boolean;
  active(): Completion | undefined;
  first(): Completion | undefined;
}

/** `choose` is called when an entry is clicked. */
export function createCompletionList(
  field: HTMLTextAreaElement,
  listId: string,
  choose: (item: Completion) => void,
): CompletionList {
  const element = el('ul', {
    class: 'completions',
    attrs: { id: listId, role: 'listbox', 'aria-label': 'Completions', hidden: true },
  });
  let shown: Completion[] = [];
  let at = -1;

  function mark(): void {
    [...element.children].forEach((entry, index) => {
      entry.setAttribute('aria-selected', String(index === at));
      if (index === at) entry.scrollIntoView({ block: 'nearest' });
    });
    if (at === -1) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', `${listId}-${at}`);
  }

  function drawEntry(item: Completion, index: number): HTMLElement {
    return el(
      'li',
      {
        attrs: { role: 'option', id: `${listId}-${index}` },
        on: {
          // mousedown, because the click would first take the focus from the field.
          mousedown: (event) => {
            event.preventDefault();
            choose(item);
          },
        },
      },
      el('code', { text: item.value }),
      el('span', { text: item.hint }),
    );
  }

  return {
    element,
    show(items, activeFirst) {
      shown = items;
      at = activeFirst && items.length > 0 ? 0 : -1;
      element.replaceChildren(...items.map(drawEntry));
      element.hidden = items.length === 0;
      field.setAttribute('aria-expanded', String(items.length > 0));
      mark();
    },
    hide() {
      shown = [];
      at = -1;
      element.hidden = true;
      field.setAttribute('aria-expanded', 'false');
      mark();
    },
    move(step) {
      at = (Math.max(at, step === 1 ? -1 : 0) + step + shown.length) % shown.length;
      mark();
    },
    isOpen: () => shown.length > 0,
    active: () => shown[at],
    first: () => shown[0],
  };
}
