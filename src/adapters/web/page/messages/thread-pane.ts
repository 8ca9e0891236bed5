import type { ChannelState } from '../channel-state.ts';
import { byId, el } from '../dom.ts';
import type { Drawing } from '../drawing.ts';
import { createMessageList, type MessageList } from './message-list.ts';
import { keepScroll } from './scroll-keeper.ts';

/** The pane beside the channel that shows one thread. */
export interface ThreadPane {
  open(rootId: string): void;
  update(id: string): void;
  redraw(): void;
}

/** `createComposer` makes the message box that sends into the thread. */
export function createThreadPane(
  state: ChannelState,
  drawing: () => Drawing,
  createComposer: (threadId: string) => { element: HTMLElement; focus(): void },
): ThreadPane {
  const pane = byId('thread');
  let rootId: string | undefined;
  let messages: MessageList | undefined;
  let returnTo: Element | null = null;

  function close(): void {
    rootId = undefined;
    messages = undefined;
    pane.hidden = true;
    pane.replaceChildren();
    document.body.classList.remove('thread-open');
    if (returnTo instanceof HTMLElement) returnTo.focus();
  }

  function open(id: string): void {
    returnTo = document.activeElement;
    rootId = id;
    const thread = (): ReturnType<ChannelState['replies']> => [state.get(id) ?? [], state.replies(id)].flat();
    messages = createMessageList(state, thread, { drawing });
    const scroll = el('section', { class: 'scroll', attrs: { 'aria-label': 'Messages of the thread' } });
    scroll.append(messages.element);
    const composer = createComposer(id);
    pane.replaceChildren(
      el(
        'div',
        { class: 'thread-head' },
        el('h2', { text: 'Thread' }),
        el('button', {
          class: 'quiet icon-button',
          text: '✕',
          attrs: { type: 'button', 'aria-label': 'Close thread' },
          on: { click: close },
        }),
      ),
      scroll,
      el('div', { class: 'composer-place' }, composer.element),
    );
    pane.hidden = false;
    document.body.classList.add('thread-open');
    keepScroll(scroll, messages.element);
    messages.redraw();
    composer.focus();
  }

  pane.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) close();
  });
  return {
    open,
    update(id) {
      if (id === rootId && state.get(id) === undefined) close();
      else messages?.update(id);
    },
    redraw() {
      if (rootId !== undefined && state.get(rootId) === undefined) close();
      messages?.redraw();
    },
  };
}
