import { describe, expect, test } from 'vitest';
import { createOpenForms, formComplaint } from '../../../src/adapters/web/open-forms.ts';
import { webPlace } from '../../../src/adapters/web/web-port.ts';
import { TRACE_FORM } from './support/stub-handler.ts';

describe('what a form may bring', () => {
  const good = { recipient: 'kim@fabrikam.com', by: 'hour' };
  test.each([
    ['complete', good, 0, undefined],
    ['with an optional note', { ...good, note: 'x' }, 1, undefined],
    ['without a required field', { by: 'hour' }, 0, 'Recipient is missing'],
    ['with only spaces in a required field', { ...good, recipient: '  ' }, 0, 'Recipient is missing'],
    ['with a choice that is not offered', { ...good, by: 'week' }, 0, 'Group by cannot be that'],
    ['with a field of another form', { ...good, admin: 'yes' }, 0, 'no field "admin"'],
  ])('%s', (_name, values, files, complaint) => {
    const said = formComplaint(TRACE_FORM, values, files);
    if (complaint === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(complaint);
  });

  test('a required file and a maximum length count', () => {
    const form = { ...TRACE_FORM, fields: [{ type: 'file', id: 'f', label: 'File', maxFiles: 1 }] as const };
    expect(formComplaint({ ...form, fields: [...form.fields] }, {}, 0)).toContain('File is missing');
    const short = { ...TRACE_FORM, fields: [{ type: 'text', id: 't', label: 'Text', maxLength: 3 } as const] };
    expect(formComplaint(short, { t: 'abcd' }, 0)).toContain('longer than 3');
  });
});

test('only the last forms stay open', () => {
  const forms = createOpenForms(2);
  for (const id of ['a', 'b', 'c']) forms.add(id, { form: TRACE_FORM, place: webPlace() });
  expect(forms.get('a')).toBeUndefined();
  expect(forms.get('c')?.form.command).toBe('trace-parse');
});
