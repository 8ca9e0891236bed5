import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText } from '../../cards/mask.ts';

describe('maskText', () => {
  it.each([
    ['RCPT TO:<kim@contoso.example>', 'RCPT TO:<k…@contoso.example>'],
    ['kim@contoso.example, lee@fabrikam.example', 'k…@contoso.example, l…@fabrikam.example'],
    ["o'brien@contoso.example", 'o…@contoso.example'],
    ['bounce+kim=contoso.example@fabrikam.example', 'b…@fabrikam.example'],
    ['<"kim lee"@contoso.example>', '<"…@contoso.example>'],
    ['rfc822;kim@[203.0.113.1]', 'rfc822;k…@[203.0.113.1]'],
    ['пётр@пример.example', 'п…@пример.example'],
    ['a @ b', 'a @ b'],
    ['@contoso.example', '@contoso.example'],
    ['no address', 'no address'],
    ['', ''],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it('leaves no local part in any text around', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019._+-'), minLength: 2, maxLength: 30 });
    const around = fc.string({ unit: fc.constantFrom(...' <>();,\n"'), maxLength: 5 });
    fc.assert(
      fc.property(around, word, around, (before, local, after) => {
        const masked = maskText(`${before} ${local}@contoso.example ${after}`);
        expect(masked).not.toContain(`${local}@`);
        expect(masked).toContain('…@contoso.example');
      }),
    );
  });

  it('takes linear time', () => {
    const started = performance.now();
    for (const piece of ['a', 'a@', '@', '"', '"@', 'a@b ']) maskText(piece.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
