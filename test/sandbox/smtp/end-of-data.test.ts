import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEndOfDataScanner } from '../../../src/sandbox/smtp/end-of-data.ts';

/** Octets up to and with the end, or undefined when the text does not end. */
function endOf(pieces: Buffer[]): number | undefined {
  const scanner = createEndOfDataScanner();
  let before = 0;
  for (const piece of pieces) {
    const { octets, ended } = scanner.scan(piece);
    if (ended) return before + octets;
    before += octets;
  }
  return undefined;
}

describe('createEndOfDataScanner', () => {
  it.each([
    ['an empty message', '.\r\nQUIT\r\n', 3],
    ['a message', 'a\r\n.\r\nQUIT\r\n', 6],
    ['a stuffed dot', 'a\r\n..\r\n.\r\n', 10],
    ['a dot inside a line', 'a.\r\n', undefined],
    ['a bare LF before the dot', 'a\n.\r\n', undefined],
    ['a bare LF after the dot', 'a\r\n.\n', undefined],
    ['bare LFs around', 'a\n.\n', undefined],
    ['a CR before the end', 'a\r\r\n.\r\n', 7],
    ['CR after the dot, then the end', '\r\n.\r\r\n.\r\n', 9],
  ])('%s', (_name, text, expected) => {
    expect(endOf([Buffer.from(text)])).toBe(expected);
  });

  it('finds what a plain search finds, however the bytes are cut', () => {
    const words = fc.constantFrom('\r', '\n', '.', 'a', '\r\n', '\r\n.', '.\r\n');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), fc.nat(100), fc.nat(100), (parts, first, second) => {
        const bytes = Buffer.from(parts.join(''));
        const found = `\r\n${bytes.toString()}`.indexOf('\r\n.\r\n');
        const expected = found < 0 ? undefined : found + 3;
        const [low = 0, high = 0] = [first % (bytes.length + 1), second % (bytes.length + 1)].sort((a, b) => a - b);
        expect(endOf([bytes.subarray(0, low), bytes.subarray(low, high), bytes.subarray(high)])).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
