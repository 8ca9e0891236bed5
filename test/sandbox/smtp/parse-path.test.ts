import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePath } from '../../../src/sandbox/smtp/parse-path.ts';

describe('parsePath', () => {
  it.each([
    ['FROM:<>', 'FROM', { address: '', parameters: [] }],
    ['from: <kim@fabrikam.example>', 'FROM', { address: 'kim@fabrikam.example', parameters: [] }],
    [
      'FROM:<kim@fabrikam.example> size=12 BODY=8BITMIME SMTPUTF8',
      'FROM',
      {
        address: 'kim@fabrikam.example',
        parameters: [
          ['SIZE', '12'],
          ['BODY', '8BITMIME'],
          ['SMTPUTF8', ''],
        ],
      },
    ],
    ['TO:<kim@fabrikam.example>', 'FROM', undefined],
    ['TO:kim@fabrikam.example', 'TO', undefined],
    ['TO:<kim@fabrikam.example', 'TO', undefined],
    ['TO:<kim@fabrikam.example>X', 'TO', undefined],
    ['TO:<kim smith@fabrikam.example>', 'TO', undefined],
    ['TO:<<kim@fabrikam.example>', 'TO', undefined],
    [`TO:<${'x'.repeat(321)}>`, 'TO', undefined],
    ['', 'TO', undefined],
  ] as const)('reads %j', (text, keyword, expected) => {
    const path = parsePath(text, keyword);
    expect(path && { address: path.address, parameters: [...path.parameters] }).toEqual(expected);
  });

  it('never throws, and an address is bounded and without space or bracket', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.boolean(), (text, wrapped) => {
        const path = parsePath(wrapped ? `TO:<${text}>` : text, 'TO');
        if (path !== undefined) expect(path.address).toMatch(/^[^\s<>]{0,320}$/);
      }),
      { numRuns: 1000 },
    );
  });
});
