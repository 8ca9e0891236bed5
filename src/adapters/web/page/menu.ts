import { el, httpUrl } from './dom.ts';

/** One entry of a menu: a link, or something to do. */
export interface MenuEntry {
  label: string;
  hint?: string;
  url?: string;
  choose(): void;
}

/** Opens a menu under (or above) its button. Arrow keys move, Escape and a click elsewhere close (WAI-ARIA menu button). */
export function openMenu(control: HTMLElement, entries: MenuEntry[]): void {
  const items = entries.map((entry) => drawEntry(entry));
  const menu = el('div', { class: 'menu', attrs: { role: 'menu' } }, ...items);
  const closing = new AbortController();

  const close = (refocus: boolean): void => {
    closing.abort();
    menu.remove();
    control.setAttribute('aria-expanded', 'false');
    if (refocus) control.focus();
  };
  menu.addEventListener('click', () => close(true));
  menu.addEventListener('keydown', (event) => {
    const at = items.indexOf(document.activeElement as HTMLElement);
    const move: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: -1 };
    const next = move[event.key];
    if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') close(false);
    else if (next !== undefined) items.at(next % items.length)?.focus();
    if (next !== undefined) event.preventDefault();
  });
  const outside = (event: Event): void => {
    if (event.target instanceof Node && !menu.contains(event.target)) close(false);
  };
  document.addEventListener('scroll', () => place(menu, control), { capture: true, signal: closing.signal });
  // The click that opens the menu must not close it.
  setTimeout(() => document.addEventListener('click', outside, { signal: closing.signal }));

  control.setAttribute('aria-expanded', 'true');
  control.after(menu);
  place(menu, control);
  items[0]?.focus();
}

function drawEntry(entry: MenuEntry): HTMLElement {
  const words = [
    el('span', { text: entry.label }),
    entry.hint ? el('small', { class: 'menu-hint', text: entry.hint }) : undefined,
  ];
  const url = httpUrl(entry.url ?? '');
  if (url !== undefined) {
    const attrs = { role: 'menuitem', href: url, target: '_blank', rel: 'noopener noreferrer' };
    return el('a', { class: 'menu-item', attrs }, ...words);
  }
  const attrs = { role: 'menuitem', type: 'button' };
  return el('button', { class: 'menu-item', attrs, on: { click: () => entry.choose() } }, ...words);
}

/** Fixed, so that a scrolling list does not cut it off; above the button when there is no room below. */
function place(menu: HTMLElement, control: HTMLElement): void {
  const button = control.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = button.bottom + 4 + size.height < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(button.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${below ? button.bottom + 4 : Math.max(8, button.top - size.height - 4)}px`;
}
