import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInputBuffer, type LineInput } from '../../../src/sandbox/smtp/input-buffer.ts';

/** All lines that come out when the bytes go in in these pieces. */
function linesOf(pieces: Buffer[], max = 100): LineInput[] {
  const input = createInputBuffer();
  const lines: LineInput[] = [];
  for (const piece of pieces) {
    input.push(piece);
    for (let line = input.takeLine(max); line !== undefined; line = input.takeLine(max)) lines.push(line);
  }
  return lines;
}

function cut(bytes: Buffer, places: number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
}

describe('createInputBuffer', () => {
  it.each([
    ['CR LF', 'a\r\nb\r\n', [{ line: 'a' }, { line: 'b' }]],
    ['bare LF', 'a\nb\n', [{ line: 'a' }, { line: 'b' }]],
    ['empty lines', '\r\n\n', [{ line: '' }, { line: '' }]],
    ['a CR inside', 'a\rb\r\n', [{ line: 'a\rb' }]],
    ['an unfinished line', 'a\r\nb', [{ line: 'a' }]],
    ['a line at the limit', `${'x'.repeat(100)}\r\n`, [{ line: 'x'.repeat(100) }]],
    ['a line over the limit, then a good one', `${'x'.repeat(101)}\r\nb\r\n`, [{ tooLong: true }, { line: 'b' }]],
  ])('reads %s', (_name, text, expected) => {
    expect(linesOf([Buffer.from(text)])).toEqual(expected);
  });

  it('keeps no more than the limit of a line that never ends, and swallows it whole', () => {
    const input = createInputBuffer();
    for (let round = 0; round < 1000; round += 1) {
      input.push(Buffer.alloc(1000, 'x'));
      expect(input.takeLine(100)).toBeUndefined();
      expect(input.size).toBeLessThanOrEqual(100);
    }
    input.push(Buffer.from('\r\nNOOP\r\n'));
    expect(input.takeLine(100)).toEqual({ tooLong: true });
    expect(input.takeLine(100)).toEqual({ line: 'NOOP' });
  });

  it('gives octets after a line, and lines after octets', () => {
    const input = createInputBuffer();
    input.push(Buffer.from('BDAT 3\r\na\nbNOOP\r\n'));
    expect(input.takeLine(100)).toEqual({ line: 'BDAT 3' });
    expect(input.takeOctets(3).toString()).toBe('a\nb');
    expect(input.takeLine(100)).toEqual({ line: 'NOOP' });
    expect(input.takeOctets(5)).toHaveLength(0);
    input.unshift(Buffer.from('x'));
    input.push(Buffer.from('y\n'));
    expect(input.takeLine(100)).toEqual({ line: 'xy' });
  });

  it('reads the same lines however the bytes are cut', () => {
    const words = fc.constantFrom('a', '\r', '\n', '\r\n', 'NOOP', 'é', 'x'.repeat(60));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), fc.array(fc.nat(3000), { maxLength: 20 }), (parts, places) => {
        const bytes = Buffer.from(parts.join(''));
        expect(linesOf(cut(bytes, places))).toEqual(linesOf([bytes]));
      }),
    );
  });
});
