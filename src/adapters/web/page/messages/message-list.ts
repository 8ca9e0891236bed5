import type { ChannelState } from '../channel-state.ts';
import { el } from '../dom.ts';
import type { WireMessage } from '../wire.ts';
import { createMessageView, type MessageView, type MessageViewOptions } from './message-view.ts';

/** A column of messages that follows the state: rows are added, redrawn and removed one by one. */
export interface MessageList {
  element: HTMLElement;
  /** Draws every row anew: after a reset, or when the drawing changed. */
  redraw(): void;
  /** Draws what changed with the message `id`. */
  update(id: string): void;
}

/** `select` gives the messages of this list, in order. */
export function createMessageList(
  state: ChannelState,
  select: () => WireMessage[],
  options: MessageViewOptions,
): MessageList {
  const element = el('div', { class: 'messages' });
  const views = new Map<string, MessageView>();

  function draw(message: WireMessage): void {
    let view = views.get(message.id);
    if (view === undefined) {
      view = createMessageView(options);
      views.set(message.id, view);
      element.append(view.element);
    }
    view.update(message, options.openThread === undefined ? [] : state.replies(message.id));
  }

  return {
    element,
    redraw() {
      element.replaceChildren();
      views.clear();
      for (const message of select()) draw(message);
    },
    update(id) {
      const message = state.get(id);
      if (message === undefined) {
        views.get(id)?.element.remove();
        views.delete(id);
        return;
      }
      if (select().some((one) => one.id === id)) draw(message);
      const root = message.threadId === undefined ? undefined : state.get(message.threadId);
      if (root !== undefined && options.openThread !== undefined) draw(root);
    },
  };
}
