import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeMarkdown } from '../../../../src/adapters/web/page/adaptive/markdown.ts';

describe('Markdown of a TextBlock', () => {
  test.each([
    ['**b** and _i_', '<strong>b</strong> and <em>i</em>'],
    ['a\nb', 'a<br>b'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['\\*\\*not bold\\*\\*', '**not bold**'],
    ['\\<b\\>', '&lt;b&gt;'],
    ['snake_case_name', 'snake_case_name'],
    ['[a](javascript:alert(1))', '[a](javascript:alert(1))'],
    [
      '[a](https://a.example/?q="x)',
      '<a href="https://a.example/?q=&quot;x" target="_blank" rel="noopener noreferrer">a</a>',
    ],
    ['\u00010\u0002', '0'],
  ])('%j', (source, html) => {
    expect(safeMarkdown(source)).toBe(html);
  });

  test('whatever comes in, only the four known tags come out', () => {
    const unit = fc.constantFrom(
      'a',
      '<',
      '>',
      '"',
      "'",
      '&',
      '*',
      '**',
      '_',
      '[',
      ']',
      '(',
      ')',
      '\\',
      '\n',
      '\u0001',
      '\u0002',
      '0',
      'https://a',
      ' onx=',
    );
    const known = /<\/?(?:strong|em)>|<br>|<\/a>|<a href="https?:[^"<>]*" target="_blank" rel="noopener noreferrer">/g;
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 80 }),
        (source) => !/[<>"]/.test(safeMarkdown(source).replace(known, '')),
      ),
    );
  });

  test.each(['[', '[a](', '**', '_ ', '\\'])('%j repeated takes linear time', (piece) => {
    const started = performance.now();
    safeMarkdown(piece.repeat(30_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
