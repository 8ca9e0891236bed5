import { sendCommand } from '../api.ts';
import { el } from '../dom.ts';
import { toast, toastError } from '../toast.ts';
import type { WireSetup } from '../wire.ts';
import { createAttachments } from './attachments.ts';
import { applyCompletion, type Completion, complete } from './completion.ts';
import { createCompletionList } from './completion-list.ts';
import { attachButton, takePastes } from './file-intake.ts';
import type { LineHistory } from './line-history.ts';

/** The message box with its completion list and files. */
export interface Composer {
  element: HTMLElement;
  focus(): void;
  addFiles(files: Iterable<File>): void;
  /** Sends a line as if it had been typed. */
  send(line: string): Promise<void>;
}

/** Without `threadId` it writes to the channel. `id` becomes the id of the field. */
export function createComposer(options: {
  id: string;
  setup: WireSetup;
  history: LineHistory;
  threadId?: string;
}): Composer {
  const { id, setup, history, threadId } = options;
  const label = threadId === undefined ? 'Message, or / for commands' : 'Reply in this thread';
  const field = el('textarea', {
    attrs: {
      id,
      rows: '1',
      placeholder: label,
      'aria-label': label,
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': `${id}-list`,
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
    },
  });
  const completions = createCompletionList(field, `${id}-list`, accept);
  const attachments = createAttachments(setup.maxUpload, refresh);
  const sendButton = el('button', { class: 'send', text: 'Send', attrs: { type: 'button', disabled: true } });

  /** The files belong to the message on its way: a second Enter must not send them again. */
  let sendingFiles = false;
  let lastSent: Promise<unknown> = Promise.resolve();

  function growField(): void {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }

  function refresh(): void {
    growField();
    sendButton.disabled = (field.value.trim() === '' && attachments.count() === 0) || attachments.ids() === undefined;
    const found = complete(field.value, field.selectionStart, setup, attachments.count() > 0);
    const word = field.value.slice(found.from, found.to);
    const exact = found.items.some((item) => item.value === word);
    if (document.activeElement !== field || (exact && found.items.length === 1)) completions.hide();
    else completions.show(found.items, word !== '' && !exact);
  }

  function accept(item: Completion): void {
    const found = complete(field.value, field.selectionStart, setup, attachments.count() > 0);
    const next = applyCompletion(field.value, found, item);
    setLine(next.line, next.caret);
  }

  function setLine(line: string, caret = line.length): void {
    field.value = line;
    field.setSelectionRange(caret, caret);
    refresh();
  }

  async function submit(): Promise<void> {
    const ids = attachments.ids();
    if (ids === undefined) return toast('A file is still on its way. Send the message when it is there.');
    const line = field.value.trim();
    if (line === '' && ids.length === 0) return;
    // The same files must not go out twice; lines may follow one another as fast as they are typed.
    if (sendingFiles) return toast('The files are on their way. Send the next message when they are there.');
    sendingFiles = ids.length > 0;
    setLine('');
    completions.hide();
    const sent = lastSent.then(() => sendCommand(line, ids, threadId));
    lastSent = sent.catch(() => undefined);
    try {
      await sent;
      history.add(line);
      if (ids.length > 0) attachments.clear();
    } catch (error) {
      if (field.value === '') setLine(line);
      toastError(error);
    } finally {
      if (ids.length > 0) sendingFiles = false;
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const act = keyAction(event);
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  /** What a key does here, or undefined when the field itself should have it. */
  function keyAction(event: KeyboardEvent): (() => void) | undefined {
    const open = completions.isOpen();
    const active = completions.active();
    const target = active ?? completions.first();
    switch (event.key) {
      case 'Tab':
        return open && target !== undefined && !event.shiftKey ? () => accept(target) : undefined;
      case 'Enter':
        if (event.shiftKey) return undefined;
        return active === undefined ? () => void submit() : () => accept(active);
      case 'Escape':
        return open ? () => completions.hide() : undefined;
      case 'ArrowDown':
      case 'ArrowUp': {
        const up = event.key === 'ArrowUp';
        // A list that only offers (nothing typed yet) leaves ArrowUp to the history.
        if (open && (active !== undefined || !up)) return () => completions.move(up ? -1 : 1);
        return recall(up);
      }
      default:
        return undefined;
    }
  }

  /** The history answers on the first line (up) and on the last (down); inside a pasted text the arrows move. */
  function recall(up: boolean): (() => void) | undefined {
    const before = field.value.slice(0, field.selectionStart);
    const after = field.value.slice(field.selectionEnd);
    if ((up ? before : after).includes('\n')) return undefined;
    const line = up ? history.older(field.value) : history.newer();
    if (line === undefined) return undefined;
    return () => {
      setLine(line);
      completions.hide();
    };
  }

  field.addEventListener('input', () => {
    history.leave();
    refresh();
  });
  field.addEventListener('keydown', onKey);
  field.addEventListener('blur', () => completions.hide());
  takePastes(field, (files) => attachments.add(files));
  sendButton.addEventListener('click', () => void submit());

  return {
    element: el(
      'div',
      { class: 'composer' },
      completions.element,
      attachments.element,
      field,
      el(
        'div',
        { class: 'composer-foot' },
        attachButton((files) => attachments.add(files)),
        el('span', {
          class: 'quiet composer-tip',
          text: 'Tab completes · Shift+Enter: new line · drop or paste files',
        }),
        sendButton,
      ),
    ),
    focus: () => field.focus(),
    addFiles(files) {
      attachments.add(files);
      field.focus();
      refresh();
    },
    async send(line) {
      try {
        await sendCommand(line, [], threadId);
        history.add(line);
      } catch (error) {
        toastError(error);
      }
      field.focus();
    },
  };
}
