import { el } from '../dom.ts';

const NEAR_END_PX = 80;

/** Scrolling within this time of a gesture is the reader's. */
const GESTURE_MS = 1000;

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
  let movedAt = Number.NEGATIVE_INFINITY;
  const moves = (): void => {
    movedAt = performance.now();
  };
  for (const gesture of ['wheel', 'touchmove', 'pointerdown'] as const) {
    scroll.addEventListener(gesture, moves, { passive: true });
  }
  document.addEventListener('keydown', (event) => {
    if (/^(?:Page|Arrow|Home|End)/.test(event.key)) moves();
  });
  scroll.addEventListener('scroll', () => {
    const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    // A card that grows while our own scrolling is under way also leaves the end: only a reader's gesture counts.
    if (near || performance.now() - movedAt < GESTURE_MS) atEnd = near;
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
