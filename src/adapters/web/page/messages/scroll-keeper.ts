import { el } from '../dom.ts';

const NEAR_END_PX = 80;

/**
 * Keeps a list at its end while the reader is there, and leaves it alone while they read further up; then a button
 * says that there is more below.
 */
export function keepScroll(scroll: HTMLElement, content: HTMLElement): { toEnd(): void } {
  let atEnd = true;
  const more = el('button', {
    class: 'more-below',
    text: 'New messages ↓',
    attrs: { type: 'button', hidden: true },
    on: { click: () => toEnd() },
  });
  scroll.after(more);

  function toEnd(): void {
    // An empty channel shows the first visit, which is read from its top.
    if (content.childElementCount === 0) return;
    scroll.scrollTop = scroll.scrollHeight;
    atEnd = true;
    more.hidden = true;
  }
  scroll.addEventListener('scroll', () => {
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    if (atEnd) more.hidden = true;
  });
  let height = 0;
  new ResizeObserver(() => {
    const grew = content.offsetHeight > height + 1;
    height = content.offsetHeight;
    if (atEnd) toEnd();
    else if (grew) more.hidden = false;
  }).observe(content);
  // The composer growing or a phone keyboard opening makes the list shorter.
  new ResizeObserver(() => {
    if (atEnd) toEnd();
  }).observe(scroll);
  return { toEnd };
}
