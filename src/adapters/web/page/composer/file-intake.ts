import { el } from '../dom.ts';

/** A longer text is attached as a file: it is a trace or a log, and a command line is no place for it. */
const MAX_PASTED_CHARS = 50_000;

/** Takes pasted files, and makes a file of a very long pasted text. Other text goes into the field as usual. */
export function takePastes(field: HTMLTextAreaElement, take: (files: Iterable<File>) => void): void {
  field.addEventListener('paste', (event) => {
    const files = event.clipboardData?.files;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (files !== undefined && files.length > 0) take(files);
    else if (text.length > MAX_PASTED_CHARS) take([new File([text], 'pasted.txt')]);
    else return;
    event.preventDefault();
  });
}

/** A button that opens the system's file dialog. */
export function attachButton(take: (files: Iterable<File>) => void): HTMLElement {
  const input = el('input', {
    class: 'unseen',
    attrs: { type: 'file', multiple: true, tabindex: '-1', 'aria-hidden': 'true' },
  });
  input.addEventListener('change', () => {
    take(input.files ?? []);
    input.value = '';
  });
  const button = el('button', {
    class: 'attach',
    text: 'Attach',
    attrs: { type: 'button' },
    on: { click: () => input.click() },
  });
  return el('span', {}, button, input);
}
