import { el } from './dom.ts';

/** Shows a modal dialog and removes it when it is closed; the browser keeps the focus inside and gives it back. */
export function showDialog(dialog: HTMLDialogElement): void {
  dialog.addEventListener('close', () => dialog.remove());
  // A click on the backdrop is a click on the dialog itself: its content covers it.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** The head of a dialog: its name and a way out. */
export function dialogHead(dialog: HTMLDialogElement, title: string): HTMLElement {
  dialog.setAttribute('aria-label', title);
  return el(
    'div',
    { class: 'dialog-head' },
    el('h2', { text: title }),
    el('button', {
      class: 'quiet icon-button',
      text: '✕',
      attrs: { type: 'button', 'aria-label': 'Close' },
      on: { click: () => dialog.close() },
    }),
  );
}
