import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanLine,
  cleanText,
  cut,
  displayText,
  escapeMrkdwn,
  escapeTeamsMarkdown,
  neutralise,
  safeUrl,
} from '../../../cards/render/escape.ts';
import { forbiddenIn, HOSTILE } from '../hostile.ts';

/** Strings in which the dangerous pieces are frequent. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<!channel>',
        '<@U1>',
        '@here',
        '](',
        '```',
        '\u001b[31m',
        '\u202e',
        '\u200b',
        '{{',
        '\r\n',
        '\t',
      ),
      fc.constantFrom('👩‍👩‍👧‍👦', 'e\u0301', '\ud800', '\u{e0041}', 'https://a@b', '<at>', '<', '!', '`', '@'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('cleanText', () => {
  it.each([
    ['escape sequences', '\u001b[1;31mred\u001b[0m \u001b]0;title\u0007end', 'red end'],
    ['an escape without an end', 'a\u001b', 'a\u241b'],
    ['control characters', 'a\u0000b\u0007c\u007fd', 'a\u2400b\u2407c\u2421d'],
    ['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['bidi controls', 'a\u202eb\u2066c\u200fd', 'abcd'],
    ['tags', `a${String.fromCodePoint(0xe0001, 0xe0041, 0xe007f)}b`, 'ab'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
    ['marks', `a${'\u0301'.repeat(9)}`, `a${'\u0301'.repeat(4)}`],
    ['a family', '👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
    ['other scripts', 'Пётр 東京 عربى', 'Пётр 東京 عربى'],
  ])('shows %s', (_name, text, shown) => {
    expect(cleanText(text, 100)).toBe(shown);
  });

  it('cuts between graphemes, never inside one', () => {
    expect(cleanText('ab👩‍👩‍👧‍👦cd', 6)).toBe('ab…');
    expect(cleanText('abe\u0301d', 4)).toBe('ab…');
    expect(cleanText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toBe('👩‍👩‍👧‍👦…');
  });

  it('says that something is missing also where cleaning made a long text short', () => {
    expect(cleanText(`${'\u200b'.repeat(5000)}secret`, 20)).toBe('…');
  });

  it('is bounded and idempotent for any text', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 0, max: 80 }), (text, max) => {
        const once = cleanText(text, max);
        expect(once.length).toBeLessThanOrEqual(max);
        expect(cleanText(once, max)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a time that grows with the bound, not with the text', () => {
    const started = performance.now();
    for (const piece of ['\u001b[', '\u001b]', 'a\u0301', '<', '@', '://', 'x@', '``', '\u{e0041}']) {
      displayText(piece.repeat(500_000), 3000);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('cleanLine', () => {
  it('is one line without blanks at its ends', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const line = cleanLine(text, 60);
        expect(line).toBe(line.trim());
        expect(line).not.toContain('\n');
        expect(line.length).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('neutralise', () => {
  it.each(HOSTILE)('leaves nothing to act on: $name', ({ text }) => {
    const shown = displayText(text, 12_000);
    expect(forbiddenIn([shown])).toEqual([]);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(neutralise(neutralise(text))).toBe(neutralise(text));
      }),
    );
  });

  it('breaks a token that only the cut makes', () => {
    expect(displayText('x @hereabouts', 8)).not.toMatch(/@here/);
    expect(displayText('```@here\u00e9\u0301 and more words', 17)).not.toMatch(/@here(?![\p{L}])/u);
  });

  it('leaves nothing to act on in any text, cut anywhere', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 120 }), (text, max) => {
        const shown = displayText(text, max);
        expect(forbiddenIn([shown])).toEqual([]);
        const visible = (each: string) => each.replaceAll('\u2060', '');
        expect(visible(displayText(shown, max + 40))).toBe(visible(shown));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '550 5.1.1 <kim@fabrikam.example>: Recipient address rejected',
    'https://support.example.com/mail?p=1',
    'bob@hereford.example, x@channel4.example, [203.0.113.10]:25',
    'a < b, c > d, `code`, {one}, list[0]',
  ])('does not touch %s', (text) => {
    expect(neutralise(text)).toBe(text);
  });
});

describe('escapes of places that parse markup', () => {
  it('makes Slack entities and breaks style marks', () => {
    expect(escapeMrkdwn('a & <b> c')).toBe('a &amp; &lt;b&gt; c');
    expect(escapeMrkdwn('*b* _i_ ~s~ `c`').replaceAll('\u2060', '')).toBe('*b* _i_ ~s~ `c`');
    expect(escapeMrkdwn('*b*')).not.toMatch(/\*b|b\*/);
  });

  it('puts a backslash before what Teams would read as Markdown', () => {
    expect(escapeTeamsMarkdown('**b** [a](http://b) `c`')).toBe('\\*\\*b\\*\\* \\[a\\]\\(http://b\\) \\`c\\`');
    expect(escapeTeamsMarkdown('- one\n1. two\n# three')).toBe('\\- one\n\\1. two\n\\# three');
  });
});

describe('safeUrl', () => {
  it.each([
    ['https://contoso.example/a?b=c#d', 'https://contoso.example/a?b=c#d'],
    ['http://203.0.113.10:8080/', 'http://203.0.113.10:8080/'],
    ['https://contoso.example@evil.example/', undefined],
    ['https://user:pass@evil.example/', undefined],
    ['javascript:alert(1)', undefined],
    ['file:///etc/passwd', undefined],
    ['//evil.example', undefined],
    ['https://a.example/\u202egpj', undefined],
    ['https://a.example/ b', undefined],
    ['https://', undefined],
    [`https://a.example/${'x'.repeat(3000)}`, undefined],
  ])('%s', (url, safe) => {
    expect(safeUrl(url)).toBe(safe);
  });
});

describe('cut', () => {
  it('keeps short text and bounds long text', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('abcd', 0)).toBe('');
  });
});
