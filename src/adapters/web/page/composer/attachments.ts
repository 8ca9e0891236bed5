import { uploadFile } from '../api.ts';
import { el } from '../dom.ts';
import { byteSize } from '../format.ts';
import { toast, toastError } from '../toast.ts';

const MAX_FILES = 10;

/** The files beside a message that is being written: sent to the server at once, named when the message goes. */
export interface Attachments {
  element: HTMLElement;
  add(files: Iterable<File>): void;
  count(): number;
  /** Ids of the uploads, or undefined while one is still on its way. */
  ids(): string[] | undefined;
  clear(): void;
}

interface Chip {
  element: HTMLElement;
  id?: string;
}

/** `onChange` is called when files come, arrive or go. */
export function createAttachments(maxBytes: number, onChange: () => void): Attachments {
  const element = el('div', { class: 'chips' });
  const chips = new Set<Chip>();

  function refuse(file: File): string | undefined {
    if (chips.size >= MAX_FILES) return `At most ${MAX_FILES} files go with one message.`;
    if (file.size > maxBytes) return `${file.name} is larger than ${byteSize(maxBytes)}. Send a part of it.`;
    return undefined;
  }

  function addOne(file: File): void {
    const refusal = refuse(file);
    if (refusal !== undefined) {
      toast(refusal);
      return;
    }
    const removed = new AbortController();
    const progress = el('progress', { attrs: { max: '1', value: '0', 'aria-label': `Sending ${file.name}` } });
    const remove = (): void => {
      removed.abort();
      chip.element.remove();
      chips.delete(chip);
      onChange();
    };
    const chip: Chip = {
      element: el(
        'span',
        { class: 'chip' },
        el('strong', { text: file.name }),
        el('small', { text: byteSize(file.size) }),
        progress,
        el('button', {
          class: 'quiet',
          text: '✕',
          attrs: { type: 'button', 'aria-label': `Remove ${file.name}` },
          on: { click: remove },
        }),
      ),
    };
    chips.add(chip);
    element.append(chip.element);
    uploadFile(file, removed.signal, (share) => (progress.value = share)).then(
      (id) => {
        chip.id = id;
        progress.remove();
        onChange();
      },
      (error: unknown) => {
        toastError(error);
        remove();
      },
    );
    onChange();
  }

  return {
    element,
    add(files) {
      for (const file of files) addOne(file);
    },
    count: () => chips.size,
    ids() {
      const ids = [...chips].map((chip) => chip.id);
      return ids.every((id) => id !== undefined) ? ids : undefined;
    },
    clear() {
      chips.clear();
      element.replaceChildren();
      onChange();
    },
  };
}
