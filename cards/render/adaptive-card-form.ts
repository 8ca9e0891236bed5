import type { Form, FormField } from '../form.ts';
import { textLines } from './adaptive-card-blocks.ts';
import { type AdaptiveElement, adaptiveFrame } from './adaptive-card-types.ts';
import { displayLine, displayText, escapeTeamsMarkdown } from './escape.ts';

/** Choices that are offered; a longer list belongs in a text field. */
const MAX_CHOICES = 100;

/**
 * The form as a card with inputs. Its submission carries the command under `mmForm` beside the values, each under its
 * field's id.
 */
export function renderAdaptiveForm(form: Form): object {
  const intro = form.intro === undefined ? '' : displayText(form.intro, 2000);
  const body: object[] = [
    ...textLines(displayLine(form.title, 200) || 'mailmedic', { weight: 'Bolder', size: 'Medium' }),
    ...textLines(intro),
    ...form.fields.flatMap(inputElements),
  ];
  const title = displayLine(form.submit, 40) || 'Send';
  const data = { mmForm: form.command };
  return adaptiveFrame(body, [{ type: 'Action.Submit', title, data }]);
}

function inputElements(field: FormField): object[] {
  const label = displayLine(field.label, 200) || field.id;
  const required =
    field.optional === true ? {} : { isRequired: true, errorMessage: `${escapeTeamsMarkdown(label)} is needed.` };
  switch (field.type) {
    case 'text': {
      const placeholder = displayLine(field.placeholder ?? '', 150);
      const input = {
        type: 'Input.Text',
        id: field.id,
        label: escapeTeamsMarkdown(label),
        isMultiline: field.multiline === true,
        ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
        ...(placeholder === '' ? {} : { placeholder }),
        ...required,
      };
      const hint = displayLine(field.hint ?? '', 300);
      return [input, ...(hint === '' ? [] : textLines(hint, { isSubtle: true, size: 'Small' }))];
    }
    case 'choice':
      return [
        {
          type: 'Input.ChoiceSet',
          id: field.id,
          label: escapeTeamsMarkdown(label),
          style: 'compact',
          choices: field.options.slice(0, MAX_CHOICES).map((option) => ({
            title: escapeTeamsMarkdown(displayLine(option.label, 100)) || '–',
            value: option.value,
          })),
          ...(field.initial === undefined ? {} : { value: field.initial }),
          ...required,
        },
      ];
    case 'file':
      return fileSentence(label, field.maxFiles);
  }
}

/** Teams has no file input: bots get files only in the personal chat (learn.microsoft.com, "Send and receive files"). */
function fileSentence(label: string, maxFiles: number): AdaptiveElement[] {
  const files = maxFiles === 1 ? 'the file' : `up to ${maxFiles} files`;
  const how = `Send ${files} to me in our personal chat, with the command in the same message. In a channel Teams gives files to no bot: paste the text there.`;
  return [...textLines(label, { weight: 'Bolder' }), ...textLines(how, { isSubtle: true })];
}
