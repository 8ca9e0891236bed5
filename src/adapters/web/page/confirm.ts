import { drawText } from './block-kit/text-object.ts';
import { dialogHead, showDialog } from './dialog.ts';
import { el } from './dom.ts';
import { type Fields, fields, text } from './json.ts';

/** Slack's confirmation object as a dialog; false when it is closed any other way than by agreeing. */
export function askConfirm(object: Fields): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = el('dialog', { class: 'dialog dialog-small' });
    const choose = (label: string, answer: string, style: string): HTMLElement =>
      el('button', {
        class: style,
        text: label,
        attrs: { type: 'button' },
        on: { click: () => dialog.close(answer) },
      });
    const danger = object.style === 'danger' ? ' bk-danger' : '';
    dialog.append(
      dialogHead(dialog, text(fields(object.title).text) || 'Are you sure?'),
      el('div', { class: 'dialog-body' }, drawText(object.text)),
      el(
        'div',
        { class: 'dialog-foot' },
        choose(text(fields(object.deny).text) || 'Cancel', 'no', 'bk-button'),
        choose(text(fields(object.confirm).text) || 'Yes', 'yes', `bk-button bk-primary${danger}`),
      ),
    );
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
    showDialog(dialog);
  });
}
