import { sendForm, uploadFile } from './api.ts';
import type { BlockContext } from './block-kit/context.ts';
import { drawBlocks } from './block-kit/draw-blocks.ts';
import { askConfirm } from './confirm.ts';
import { dialogHead, showDialog } from './dialog.ts';
import { el } from './dom.ts';
import { fields, text } from './json.ts';
import type { WireForm } from './wire.ts';

/** Opens a form (a Slack view). It stays open, with the reason, when the server does not take it. */
export function openFormDialog(form: WireForm): void {
  const view = fields(form.modal);
  const inputs: BlockContext['inputs'] = new Map();
  const context: BlockContext = { inputs, confirm: askConfirm, press: async () => undefined };
  const dialog = el('dialog', { class: 'dialog' });
  const trouble = el('p', { class: 'dialog-trouble', attrs: { role: 'alert' } });
  const submit = el('button', {
    class: 'bk-button bk-primary',
    text: text(fields(view.submit).text) || 'Send',
    attrs: { type: 'submit' },
  });

  async function send(): Promise<void> {
    submit.disabled = true;
    trouble.textContent = '';
    try {
      const files: string[] = [];
      const values: Record<string, string> = {};
      for (const [id, input] of inputs) {
        if (input.value() !== '') values[id] = input.value();
        for (const file of input.files()) {
          const share = (done: number): string => `Sending ${file.name}: ${Math.round(done * 100)} %`;
          files.push(await uploadFile(file, closed.signal, (done) => (trouble.textContent = share(done))));
        }
      }
      await sendForm(form.formId, values, files);
      dialog.close();
    } catch (error) {
      trouble.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      submit.disabled = false;
    }
  }

  const closed = new AbortController();
  dialog.addEventListener('close', () => closed.abort());
  const cancel = el('button', {
    class: 'bk-button',
    text: text(fields(view.close).text) || 'Cancel',
    attrs: { type: 'button' },
    on: { click: () => dialog.close() },
  });
  const body = el(
    'form',
    {
      on: {
        submit: (event) => {
          event.preventDefault();
          void send();
        },
      },
    },
    el('div', { class: 'dialog-body' }, drawBlocks(view.blocks, context), trouble),
    el('div', { class: 'dialog-foot' }, cancel, submit),
  );
  dialog.append(dialogHead(dialog, text(fields(view.title).text) || 'Form'), body);
  showDialog(dialog);
  inputs.values().next().value?.focus();
}
