import type { Form, FormField } from '../form.ts';
import { BLOCK_KIT } from './block-kit-limits.ts';
import { plain } from './block-kit-types.ts';
import { cut, displayLine, displayText } from './escape.ts';

/**
 * The form as a modal for views.open. The submission comes back under `callback_id` `mm:form:<command>`, each value
 * under the field's id as block and action id.
 */
export function renderBlockKitModal(form: Form, meta: { privateMetadata?: string } = {}): object {
  const intro = form.intro === undefined ? '' : displayText(form.intro, BLOCK_KIT.plainText);
  return {
    type: 'modal',
    callback_id: cut(`mm:form:${form.command}`, BLOCK_KIT.callbackId),
    title: plain(displayLine(form.title, BLOCK_KIT.viewTitle) || 'mailmedic'),
    submit: plain(displayLine(form.submit, BLOCK_KIT.viewButton) || 'Send'),
    close: plain('Cancel'),
    ...(meta.privateMetadata === undefined ? {} : { private_metadata: meta.privateMetadata }),
    blocks: [
      ...(intro === '' ? [] : [{ type: 'section', text: plain(intro) }]),
      ...form.fields.slice(0, BLOCK_KIT.blocksPerView - 1).map(inputBlock),
    ],
  };
}

function inputBlock(field: FormField): object {
  const hint = field.type === 'text' && field.hint !== undefined ? displayLine(field.hint, BLOCK_KIT.inputHint) : '';
  return {
    type: 'input',
    block_id: field.id,
    optional: field.optional === true,
    label: plain(displayLine(field.label, BLOCK_KIT.inputLabel) || field.id),
    ...(hint === '' ? {} : { hint: plain(hint) }),
    element: inputElement(field),
  };
}

function inputElement(field: FormField): object {
  switch (field.type) {
    case 'text': {
      const placeholder = displayLine(field.placeholder ?? '', BLOCK_KIT.placeholder);
      return {
        type: 'plain_text_input',
        action_id: field.id,
        multiline: field.multiline === true,
        max_length: Math.min(field.maxLength ?? BLOCK_KIT.inputMaxLength, BLOCK_KIT.inputMaxLength),
        ...(placeholder === '' ? {} : { placeholder: plain(placeholder) }),
      };
    }
    case 'choice': {
      const options = field.options.slice(0, BLOCK_KIT.selectOptions).map(({ value, label }) => ({
        text: plain(displayLine(label, BLOCK_KIT.optionText) || '–'),
        value: value.slice(0, BLOCK_KIT.optionValue),
      }));
      const initial = options.find((option) => option.value === field.initial);
      return {
        type: 'static_select',
        action_id: field.id,
        options,
        ...(initial === undefined ? {} : { initial_option: initial }),
      };
    }
    case 'file':
      return {
        type: 'file_input',
        action_id: field.id,
        max_files: Math.min(Math.max(field.maxFiles, 1), BLOCK_KIT.fileInputFiles),
      };
  }
}
