import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSample, detectEncoding, looksBinary } from '../../../src/analysis/trace/encoding.ts';

const HEADER = '"date_time_utc","client_ip","event_id"\r\n';
const text = fc.string({ unit: fc.constantFrom('a', 'Z', '"', ',', ' ', 'é', '发', '\r\n', '7'), maxLength: 300 });

test.each([
  ['UTF-8', (value: string) => Buffer.from(value), 0],
  ['UTF-8', (value: string) => Buffer.from(`\ufeff${value}`), 3],
  ['UTF-16LE', (value: string) => Buffer.from(value, 'utf16le'), 0],
  ['UTF-16LE', (value: string) => Buffer.from(`\ufeff${value}`, 'utf16le'), 2],
  ['UTF-16BE', (value: string) => Buffer.from(value, 'utf16le').swap16(), 0],
  ['UTF-16BE', (value: string) => Buffer.from(`\ufeff${value}`, 'utf16le').swap16(), 2],
])('%s is recognised and decoded, whatever follows the header', (encoding, encode, bom) => {
  fc.assert(
    fc.property(text, (rest) => {
      const bytes = encode(HEADER + rest);
      const detected = detectEncoding(bytes);
      expect(detected).toEqual({ encoding, bom });
      expect(decodeSample(bytes, detected)).toBe(HEADER + rest);
      expect(looksBinary(HEADER + rest)).toBe(false);
    }),
  );
});

test('a sample that ends inside a character is still UTF-8', () => {
  const bytes = Buffer.from(`${HEADER}发票`);
  expect(detectEncoding(bytes.subarray(0, -1)).encoding).toBe('UTF-8');
});

test('western Excel text is Windows-1252', () => {
  const bytes = Buffer.from(`${HEADER}"Réunion","5 €"`.replace('€', '\x80'), 'latin1');
  const detected = detectEncoding(bytes);
  expect(detected.encoding).toBe('Windows-1252');
  expect(decodeSample(bytes, detected)).toContain('Réunion","5 €');
});

test('random bytes look binary', () => {
  const bytes = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 253));
  expect(looksBinary(decodeSample(bytes, detectEncoding(bytes)))).toBe(true);
});
