import { el } from '../dom.ts';
import { type Fields, fields, list, text } from '../json.ts';
import type { BlockContext, FormInput } from './context.ts';
import { drawUnknown } from './unknown.ts';

/** `input`: a labelled field of a form. It adds itself to the context under its block id. */
export function drawInput(block: Fields, context: BlockContext): HTMLElement {
  const element = fields(block.element);
  const id = text(block.block_id) || text(element.action_id);
  const label = text(fields(block.label).text);
  const control = drawControl(element, `field-${id}`, label);
  if (control === undefined) return drawUnknown(element);

  const optional = block.optional === true;
  if (!optional) control.required = true;
  const hint = text(fields(block.hint).text);
  const hintId = `field-${id}-hint`;
  if (hint !== '') control.setAttribute('aria-describedby', hintId);
  context.inputs.set(id, inputOf(control, label, optional));
  return el(
    'div',
    { class: 'bk-input' },
    el('label', { attrs: { for: control.id } }, label, optional ? el('small', { text: ' (optional)' }) : undefined),
    control,
    hint === '' ? undefined : el('p', { class: 'bk-hint', text: hint, attrs: { id: hintId } }),
  );
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function drawControl(element: Fields, id: string, label: string): Control | undefined {
  const placeholder = text(fields(element.placeholder).text);
  switch (element.type) {
    case 'plain_text_input': {
      const maxLength = typeof element.max_length === 'number' ? String(element.max_length) : undefined;
      const attrs = { id, placeholder, maxlength: maxLength, autocomplete: 'off', spellcheck: 'false' };
      const field =
        element.multiline === true
          ? el('textarea', { attrs: { ...attrs, rows: '6' } })
          : el('input', { attrs: { ...attrs, type: 'text' } });
      field.value = text(element.initial_value);
      return field;
    }
    case 'static_select': {
      const initial = text(fields(element.initial_option).value);
      const options = list(element.options).map((option) =>
        el('option', { text: text(fields(option.text).text), attrs: { value: text(option.value) } }),
      );
      const none = el('option', { text: placeholder || 'Choose', attrs: { value: '' } });
      const field = el('select', { attrs: { id } }, none, ...options);
      field.value = initial;
      return field;
    }
    case 'file_input':
      return el('input', { attrs: { id, type: 'file', multiple: element.max_files !== 1, 'aria-label': label } });
    default:
      return undefined;
  }
}

function inputOf(control: Control, label: string, optional: boolean): FormInput {
  const isFile = control instanceof HTMLInputElement && control.type === 'file';
  return {
    label,
    optional,
    value: () => (isFile ? '' : control.value),
    files: () => (isFile ? [...(control.files ?? [])] : []),
    focus: () => control.focus(),
  };
}
