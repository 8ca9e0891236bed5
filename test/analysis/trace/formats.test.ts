import { createReadStream, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTrace } from '../../../src/analysis/trace/parse-trace.ts';
import { UserError } from '../../../src/errors.ts';
import { fixturePath, upload } from './fixture.ts';

const LOGS = [
  ['tracking-21-fields.log', 21],
  ['tracking-26-fields.log', 26],
  ['tracking-27-fields.log', 27],
  ['tracking-30-fields.log', 30],
] as const;

test.each(LOGS)('the tail of %s, without header, is known by its %i fields', async (name) => {
  const text = readFileSync(fixturePath(name), 'utf8');
  const whole = await parseTrace([upload(text)], {});
  const tail = text.split('\n').filter((line) => !/^\ufeff?#/.test(line));
  const { files, ...rest } = await parseTrace([upload(tail.join('\n'))], {});
  expect(rest).toEqual({ ...whole, files: undefined });
  // 27 columns stand in the extended trace too, which is the same but for the names.
  expect(['exchange-tracking', 'exo-extended-trace']).toContain(files[0]?.format);
});

test('a header that comes again after a restart of the service changes the columns', async () => {
  const [old, young] = ['tracking-21-fields.log', 'tracking-30-fields.log'].map((name) =>
    readFileSync(fixturePath(name), 'utf8'),
  );
  const report = await parseTrace([upload(`${old}${young}`)], {});
  expect(report).toMatchObject({ rows: 11, messages: 4, problems: [] });
  expect(report.errors.map(({ errorType }) => errorType).sort()).toEqual(['CertificateFailure', 'RecipientRejected']);
});

test('a subject in Windows-1252 is no obstacle', async () => {
  const text = readFileSync(fixturePath('tracking-21-fields.log'), 'latin1').replaceAll(
    'Offer, final',
    'R\xe9union \x80, finale',
  );
  const report = await parseTrace([upload(Buffer.from(text, 'latin1'))], {});
  expect(report.files[0]?.encoding).toBe('Windows-1252');
  expect(report).toMatchObject({ rows: 6, messages: 3, problems: [] });
});

test('a SEND within the organisation is no delivery, the DELIVER behind it is', async () => {
  const text = readFileSync(fixturePath('tracking-21-fields.log'), 'utf8');
  const inside = text.replaceAll(',Internet,SMTP,SEND,', ',Intra-Organization SMTP Send Connector,SMTP,SEND,');
  expect((await parseTrace([upload(inside)], {})).recipientOutcomes).toMatchObject({
    delivered: 0,
    failed: 1,
    pending: 0,
  });
});

test('a DROP with 250 and a FAIL with 250 are no loss', async () => {
  const text = readFileSync(fixturePath('trace-extended-a3-utf8-excel.csv'), 'utf8');
  const failing = text.replace(',ROUTING,DROP,', ',ROUTING,FAIL,');
  expect(failing).not.toBe(text);
  const report = await parseTrace([upload(failing)], {});
  expect(report).toMatchObject({ delivered: 4, partlyDelivered: 1, failed: 2 });
  expect(report.errors.every(({ code }) => code !== '250')).toBe(true);
});

test('an address that was replaced is not a recipient that waits', async () => {
  const text = readFileSync(fixturePath('tracking-30-fields.log'), 'utf8');
  const before = text.replace(
    'RECEIVE,61126840335877,<cc03@contoso.com>,87b0b125-ec1d-4da0-a6eb-8c9ebd69fe29,user@contoso.mail.onmicrosoft.com',
    'RECEIVE,61126840335877,<cc03@contoso.com>,87b0b125-ec1d-4da0-a6eb-8c9ebd69fe29,User@contoso.com',
  );
  expect(before).not.toBe(text);
  expect((await parseTrace([upload(before)], {})).recipientOutcomes.pending).toBe(1);
});

test('a file by its path is the same as its stream; a file that is not there is named', async () => {
  const name = 'trace-extended-a2-utf16le-nobom.csv';
  const path = fixturePath(name);
  const byPath = await parseTrace([{ name, path, open: async () => createReadStream(path) }], {});
  expect(byPath).toEqual(await parseTrace([{ name, open: async () => createReadStream(path) }], {}));
  const missing = parseTrace(
    [{ name: 'gone.csv', path: `${path}.gone`, open: async () => createReadStream(path) }],
    {},
  );
  await expect(missing).rejects.toBeInstanceOf(UserError);
  await expect(missing).rejects.toThrow('there is no such file');
});
