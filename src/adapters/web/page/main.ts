import { announce } from './announce.ts';
import { CLIENT_ID, fetchHistory, fetchSetup } from './api.ts';
import { createChannelState } from './channel-state.ts';
import { createComposer } from './composer/composer.ts';
import { takeDrops } from './composer/drop-zone.ts';
import { createLineHistory } from './composer/line-history.ts';
import { byId } from './dom.ts';
import { createDrawingChoice } from './drawing.ts';
import { listenToEvents } from './events.ts';
import { openFormDialog } from './form-dialog.ts';
import { drawFirstVisit } from './messages/first-visit.ts';
import { createMessageList } from './messages/message-list.ts';
import { keepScroll } from './messages/scroll-keeper.ts';
import { createThreadPane } from './messages/thread-pane.ts';
import { toastError } from './toast.ts';
import type { WireMessage } from './wire.ts';

/** Puts the page together and follows the channel. */
async function startPage(): Promise<void> {
  const [setup, history] = await Promise.all([fetchSetup(), fetchHistory()]);
  const state = createChannelState();
  const choice = createDrawingChoice();
  const lines = createLineHistory();
  for (const message of history.messages) if (message.author === 'person') lines.add(message.text);

  const composer = createComposer({ id: 'composer-line', setup, history: lines });
  byId('composer').append(composer.element);
  const firstVisit = drawFirstVisit(setup, (line) => void composer.send(line));
  const thread = createThreadPane(state, choice.current, (threadId) =>
    createComposer({ id: 'thread-line', setup, history: lines, threadId }),
  );
  const messages = createMessageList(state, state.roots, { drawing: choice.current, openThread: thread.open });
  const scroll = byId('messages');
  scroll.append(firstVisit, messages.element);
  const keeper = keepScroll(scroll, messages.element);
  takeDrops(byId('channel'), composer.addFiles);

  const redraw = (): void => {
    messages.redraw();
    thread.redraw();
  };
  choice.listen(redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  state.listen((id) => {
    firstVisit.hidden = state.roots().length > 0;
    if (id === undefined) return redraw();
    messages.update(id);
    thread.update(id);
  });
  state.reset(history.messages);
  keeper.toEnd();
  // On a phone the focus would raise the keyboard over half of the page.
  if (matchMedia('(hover: hover)').matches) composer.focus();

  const arrived = (message: WireMessage): void => {
    state.put(message);
    announce(message);
    // Whoever sends wants to see the answer.
    if (message.author === 'person' && message.threadId === undefined) keeper.toEnd();
  };
  listenToEvents(
    history.lastEvent,
    {
      posted: arrived,
      ephemeral: arrived,
      file: arrived,
      edited: (message) => state.put(message),
      removed: ({ ids }) => state.remove(ids),
      form: (form) => {
        if (form.client === CLIENT_ID) openFormDialog(form);
      },
      // Another start of the server has another token and an empty channel.
      reset: () => location.reload(),
    },
    (connected) => document.body.classList.toggle('offline', !connected),
  );
}

startPage().catch(toastError);
