import { byId, el } from './dom.ts';

const SHOWN_MS = 6000;

/** Shows a short sentence at the foot of the page and reads it out. */
export function toast(sentence: string): void {
  const note = el('p', { class: 'toast', text: sentence });
  byId('toasts').append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Shows why something did not work. */
export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error));
}
