import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextWindow } from '../../../src/analysis/trace/code-units.ts';
import { CsvScanner } from '../../../src/analysis/trace/csv-scanner.ts';

interface Scanned {
  records: string[][];
  broken: number[];
}

/** Scans a text the way a file is read: in pieces, with what is left over kept for the next. */
function scan(text: string, utf16: boolean, piece = Number.POSITIVE_INFINITY, delimiter = ','): Scanned {
  const bytes = Buffer.from(new ArrayBuffer(Buffer.byteLength(text, utf16 ? 'utf16le' : 'utf8')));
  bytes.write(text, utf16 ? 'utf16le' : 'utf8');
  const window = new TextWindow(bytes, utf16);
  const scanner = new CsvScanner(delimiter);
  const records: string[][] = [];
  const broken: number[] = [];
  const size = window.units.length;
  for (let from = 0, to = 0; to < size; ) {
    to = Math.min(size, to + piece);
    from = scanner.scan(
      window.units,
      from,
      to,
      to === size,
      Number.POSITIVE_INFINITY,
      () => {
        const fields = Array.from({ length: scanner.count }, (_, at) => {
          const field = window.text(scanner.starts[at] ?? 0, scanner.ends[at] ?? 0);
          return scanner.escaped[at] ? field.replaceAll('""', '"') : field;
        });
        records.push(fields);
        return 'ok';
      },
      (start) => broken.push(start),
    );
  }
  return { records, broken };
}

const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '发', '😀', "'"), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('x', 'y', '"'), minLength: 20, maxLength: 200 }),
);
const table = fc
  .integer({ min: 2, max: 9 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

/** RFC 4180 in its two usual forms. */
function write(rows: readonly string[][], always: boolean, end: string): string {
  const cell = (value: string) => (always || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => row.map(cell).join(',') + end).join('');
}

test('any table comes back as written, in both widths and in pieces of any size', () => {
  fc.assert(
    fc.property(
      table,
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({ min: 1, max: 70 }),
      (rows, always, end, utf16, piece) => {
        const text = write(rows, always, end);
        expect(scan(text, utf16, piece)).toEqual({ records: rows, broken: [] });
        const oracle: string[][] = parse(text, { relax_column_count: true, record_delimiter: [end] });
        expect(oracle).toEqual(rows);
      },
    ),
    { numRuns: 400 },
  );
});

test('agrees with csv-parse on unquoted text with any line end', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', ';', 'ü'), minLength: 1, maxLength: 9 });
  const rows = fc.array(fc.array(plain, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), (lines, end, last) => {
      const text = lines.map((line) => line.join(',')).join(end) + (last ? end : '');
      expect(scan(text, false).records).toEqual(parse(text, { relax_column_count: true, record_delimiter: [end] }));
    }),
  );
});

test('garbage is read to its end, the same in pieces', () => {
  const garbage = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a'), maxLength: 120 });
  fc.assert(
    fc.property(garbage, fc.boolean(), fc.integer({ min: 1, max: 30 }), (text, utf16, piece) => {
      expect(scan(text, utf16, piece)).toEqual(scan(text, utf16));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['a quote inside a quoted field', '"a "big" one",b\n', [['a "big" one', 'b']], 0],
  ['an open quote at the end of a line', '"a","b\n"c","d"\n', [['c', 'd']], 1],
  ['an open quote at the end of the text', '"a","b', [['a', 'b']], 0],
  [
    'an open quote before other lines',
    'a,"b\nc,d\ne,f',
    [
      ['c', 'd'],
      ['e', 'f'],
    ],
    1,
  ],
  ['a semicolon in a comma file', 'a;b,c\n', [['a;b', 'c']], 0],
  ['empty lines', '\n\r\na,b\n', [[''], [''], ['a', 'b']], 0],
  ['a trailing delimiter', 'a,', [['a', '']], 0],
])('%s', (_, text, records, broken) => {
  const scanned = scan(text, false);
  expect(scanned.records).toEqual(records);
  expect(scanned.broken).toHaveLength(broken);
});

test('open quotes on each of many lines cost no more than a second', () => {
  const text = `${',"""\n'.repeat(200_000)}a,b\n`;
  const started = performance.now();
  expect(scan(text, false).records.at(-1)).toEqual(['a', 'b']);
  expect(performance.now() - started).toBeLessThan(4000);
});
