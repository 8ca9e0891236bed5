import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { parseTrace, type TraceInput } from '../../../src/analysis/trace/parse-trace.ts';
import { UserError } from '../../../src/errors.ts';
import { fixturePath, upload } from './fixture.ts';

const A3 = readFileSync(fixturePath('trace-extended-a3-utf8-excel.csv'), 'utf8').split('\r\n');
const [HEADER = '', ...REST] = A3;
const ROWS = REST.filter((row) => row !== '');
const quoted = (row: string) =>
  `"${splitRow(row)
    .map((field) => field.replaceAll('"', '""'))
    .join('","')}"`;

/** Fields of a row that has no line ends. */
function splitRow(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, a, b]) =>
    (a ?? b ?? '').replaceAll('""', '"'),
  );
}

test.each([
  ['empty', Buffer.alloc(0), /is empty/],
  [
    'a workbook',
    Buffer.from('PK\u0003\u0004\u0014\u0000\u0006\u0000\u0008\u0000'.repeat(50), 'latin1'),
    /workbook or an archive/,
  ],
  ['random bytes', Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 251)), /not a text file/],
  ['another table', 'name,age\r\nkim,4\r\n', /first line is: name,age.*I read .*extended message trace.*tracking log/],
  [
    'a protocol log',
    '#Log-type: SMTP Receive Protocol Log\r\n#Fields: date-time,connector-id\r\n',
    /don't know the format/,
  ],
])('%s: a UserError that says what can be read', async (_, bytes, message) => {
  const parsed = parseTrace([upload(bytes)], {});
  await expect(parsed).rejects.toBeInstanceOf(UserError);
  await expect(parsed).rejects.toThrow(message);
});

test('no file at all', async () => {
  await expect(parseTrace([], {})).rejects.toBeInstanceOf(UserError);
});

test.each([
  ['missing columns', (row: string) => row.split(',').slice(0, 5).join(','), '5 fields instead of 27'],
  ['columns too many', (row: string) => `${row},a,b`, '29 fields instead of 27'],
])('%s: the row is left out and its line is named', async (_, spoil, reason) => {
  const rows = ROWS.map((row, at) => (at === 6 ? spoil(row) : row));
  const report = await parseTrace([upload([HEADER, ...rows, ''].join('\r\n'))], {});
  expect(report.problems).toEqual([{ file: 'upload.csv', line: 8, reason }]);
  expect(report.rows).toBe(ROWS.length - 1);
  expect(report.files[0]?.skipped).toBe(1);
});

test.each([
  ['every field quoted', ROWS.map(quoted), (row: string) => row.slice(0, -1)],
  ['only where needed', ROWS, (row: string) => row.replace('Z,', 'Z,"broken')],
])('an unclosed quote loses its own row only: %s', async (_, rows, spoil) => {
  const spoiled = rows.map((row, at) => (at === 10 ? spoil(row) : row));
  expect(spoiled[10]).not.toBe(rows[10]);
  const report = await parseTrace([upload([HEADER, ...spoiled, ''].join('\r\n'))], {});
  expect(report.rows).toBe(ROWS.length - 1);
  expect(report.problems.length).toBeGreaterThan(0);
  expect(report.problems[0]?.line).toBe(12);
});

test('line numbers count the lines inside fields', async () => {
  const rows = ROWS.map(quoted);
  rows[2] = rows[2]?.replace('","', '\r\ntwo lines","') ?? '';
  rows[5] = 'not a row';
  const report = await parseTrace([upload([HEADER, ...rows, ''].join('\r\n'))], {});
  expect(report.problems).toEqual([{ file: 'upload.csv', line: 8, reason: '1 fields instead of 27' }]);
});

test('a hundred million characters without a line end are left out in bounded memory', async () => {
  const piece = Buffer.alloc(1 << 20, 'x');
  const input: TraceInput = {
    name: 'long.csv',
    open: async () =>
      Readable.from(
        (function* () {
          yield Buffer.from(`${HEADER}\r\n${ROWS[0]}\r\n2026-09-11T08:00:00.0000000Z,`);
          for (let at = 0; at < 100; at++) yield piece;
          yield Buffer.from(`\r\n${ROWS[1]}\r\n`);
        })(),
        { objectMode: false },
      ),
  };
  const before = process.memoryUsage.rss();
  const report = await parseTrace([input], {});
  expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
  expect(report.rows).toBe(2);
  expect(report.problems).toEqual([{ file: 'long.csv', line: 3, reason: 'the record is longer than 256 KiB' }]);
});

test('an open quote before a hundred million characters does not swallow the rows behind', async () => {
  const input: TraceInput = {
    name: 'open.csv',
    open: async () =>
      Readable.from(
        (function* () {
          yield Buffer.from(`${HEADER}\r\n"2026-09-11T08:00:00.0000000Z,`);
          for (let at = 0; at < 40; at++) yield Buffer.from(`${'y'.repeat(1000)}\r\n`.repeat(1000));
          for (const row of ROWS) yield Buffer.from(`${row}\r\n`);
        })(),
        { objectMode: false },
      ),
  };
  const report = await parseTrace([input], {});
  expect(report.rows).toBe(ROWS.length);
  expect(report.problems).toHaveLength(20);
});

test.each([
  ['NULs in a field', (row: string) => row.replace('fabrikam', 'fabr\0\0ikam')],
  ['lone surrogates and marks', (row: string) => row.replace('fabrikam', '\ufffe\u202efabrikam')],
  ['a hundred thousand quotes', (row: string) => `"${'"'.repeat(100_000)}${row}`],
  ['thousands of empty lines', (row: string) => `${'\r\n'.repeat(5000)}${row}`],
  ['thousands of quotes on lines', (row: string) => `${'","\r\n'.repeat(5000)}${row}`],
])('%s: read to the end', async (_, spoil) => {
  const rows = ROWS.map((row, at) => (at === 3 ? spoil(row) : row));
  const started = performance.now();
  const report = await parseTrace([upload([HEADER, ...rows, ''].join('\r\n'))], {});
  expect(report.rows).toBeGreaterThanOrEqual(ROWS.length - 2);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a tail without header is known by its columns, a second header is no row', async () => {
  const tail = await parseTrace([upload(ROWS.map((row) => `${row}\r\n`).join(''))], {});
  expect(tail).toMatchObject({ rows: ROWS.length, messages: 7, delivered: 4, failed: 2, partlyDelivered: 1 });
  const twice = await parseTrace([upload([HEADER, ...ROWS.slice(0, 9), HEADER, ...ROWS.slice(9)].join('\n'))], {});
  expect(twice).toMatchObject({ rows: ROWS.length, messages: 7, delivered: 4, failed: 2, problems: [] });
});

test('columns in another order, some missing, header quoted with a mark glued to it', async () => {
  const names = HEADER.replace('\ufeff', '').split(',');
  const keep = names.filter((name) => name !== 'tenant_id' && name !== 'message_subject').reverse();
  const rows = ROWS.map((row) => {
    const fields = splitRow(row);
    return keep.map((name) => `"${(fields[names.indexOf(name)] ?? '').replaceAll('"', '""')}"`).join(';');
  });
  const header = keep.map(
    (name) => `"${name === keep[0] ? `\ufeff ${name.toUpperCase()}` : name.replaceAll('_', '-')}"`,
  );
  const report = await parseTrace([upload([header.join(';'), ...rows, ''].join('\r'))], {});
  expect(report).toMatchObject({
    rows: ROWS.length,
    messages: 7,
    delivered: 4,
    failed: 2,
    partlyDelivered: 1,
    problems: [],
  });
});
