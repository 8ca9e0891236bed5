import { dialogHead, showDialog } from '../dialog.ts';
import { el } from '../dom.ts';
import type { Drawing } from '../drawing.ts';
import { toast } from '../toast.ts';
import type { WireMessage } from '../wire.ts';

/** Shows the JSON that the platform would get for this message, with a button to copy it. */
export function openJsonDialog(message: WireMessage, drawing: Drawing): void {
  const payload = drawing === 'slack' ? message.slack : message.teams?.card;
  const json = JSON.stringify(payload, null, 2);
  const dialog = el('dialog', { class: 'dialog dialog-wide' });
  const code = el('pre', { class: 'json', text: json, attrs: { tabindex: '0' } });
  const copy = el('button', {
    class: 'bk-button bk-primary',
    text: 'Copy',
    attrs: { type: 'button' },
    on: { click: () => void copyText(json, code) },
  });
  dialog.append(
    dialogHead(dialog, drawing === 'slack' ? 'Block Kit JSON' : 'Adaptive Card JSON'),
    el('div', { class: 'dialog-body' }, code),
    el('div', { class: 'dialog-foot' }, el('span', { class: 'quiet', text: `${json.length} characters` }), copy),
  );
  showDialog(dialog);
}

async function copyText(json: string, shown: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(json);
    toast('Copied.');
  } catch {
    // The browser withholds the clipboard (a permission, an old browser): the person can still press Ctrl+C.
    getSelection()?.selectAllChildren(shown);
    toast('The browser withholds the clipboard. The text is selected: press Ctrl+C.');
  }
}
