import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMrkdwn } from '../../../../src/adapters/web/page/block-kit/mrkdwn.ts';

describe('mrkdwn', () => {
  test.each([
    ['plain', [{ text: 'plain' }]],
    ['a *b* c', [{ text: 'a ' }, { text: 'b', bold: true }, { text: ' c' }]],
    ['_i_ ~s~', [{ text: 'i', italic: true }, { text: ' ' }, { text: 's', strike: true }]],
    [
      '*b _bi_*',
      [
        { text: 'b ', bold: true },
        { text: 'bi', bold: true, italic: true },
      ],
    ],
    ['`a *b*`', [{ text: 'a *b*', code: true }]],
    ['```\nx\n*y*```', [{ text: 'x\n*y*', pre: true }]],
    ['2*3*4 snake_case_name', [{ text: '2*3*4 snake_case_name' }]],
    ['* not bold*', [{ text: '* not bold*' }]],
    ['*a\nb*', [{ text: '*a\nb*' }]],
    ['&lt;b&gt; &amp;amp;', [{ text: '<b> &amp;' }]],
    ['<https://a.example|here>', [{ text: 'here', url: 'https://a.example' }]],
    ['<https://a.example/?a=1&amp;b=2>', [{ text: 'https://a.example/?a=1&b=2', url: 'https://a.example/?a=1&b=2' }]],
    [
      '<!here> <@U1> <#C1|ops>',
      [
        { text: '@here', mention: true },
        { text: ' ' },
        { text: '@U1', mention: true },
        { text: ' ' },
        { text: '#ops', mention: true },
      ],
    ],
    ['open `tick', [{ text: 'open `tick' }]],
  ])('%j', (source, runs) => {
    expect(parseMrkdwn(source)).toEqual(runs);
  });

  test('text without marks comes out as it went in', () => {
    const chars = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '\n', '/', '.', '💌') });
    fc.assert(
      fc.property(
        chars,
        (text) =>
          parseMrkdwn(text)
            .map((run) => run.text)
            .join('') === text,
      ),
    );
  });

  test('never throws, and never invents characters', () => {
    const noisy = fc.string({
      unit: fc.constantFrom('a', ' ', '*', '_', '~', '`', '<', '>', '|', '&', 'l', 't', ';', '\n', '!'),
      maxLength: 200,
    });
    fc.assert(
      fc.property(noisy, (text) => {
        // A nameless mention is drawn with its sign: at most one more character a bracket.
        const brackets = text.split('<').length;
        return (
          parseMrkdwn(text)
            .map((run) => run.text)
            .join('').length <=
          text.length + brackets
        );
      }),
    );
  });

  test.each(['*', '_', '`', '<', '*a ', '_a ', '```', '*_~', '<!', '~ a'])('%j repeated takes linear time', (piece) => {
    const text = piece.repeat(40_000);
    const started = performance.now();
    parseMrkdwn(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
