import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../src/analysis/reply/parse-reply.ts';

describe('parseReply', () => {
  it.each([
    ['450 4.4.316 Connection refused', '450', '4.4.316', 'Connection refused'],
    ['451- 4.7.652 The mail server', '451', '4.7.652', 'The mail server'],
    ['451-4.7.0 Temporary', '451', '4.7.0', 'Temporary'],
    ['451 4-4.395 Target host', '451', '4.4.395', 'Target host'],
    ['550 #5.1.1 no', '550', '5.1.1', 'no'],
    ['550 sorry (#5.1.1)', '550', '5.1.1', 'sorry (#5.1.1)'],
    ['#550 5.1.1 RESOLVER.ADR; not found', '550', '5.1.1', 'RESOLVER.ADR; not found'],
    ['smtp; 550 5.1.1 x', '550', '5.1.1', 'x'],
    ['550-5.7.26 a\r\n550-5.7.26\r\n550 5.7.26 b', '550', '5.7.26', 'a\nb'],
    ['550-5.1.1 one 550-5.1.1 two 550 5.1.1 three', '550', '5.1.1', 'one two three'],
    ['550-a\\n550 b', '550', null, 'a\nb'],
    ['S: 550-a\nS: 550 b', '550', null, 'a\nb'],
    ['12:04:31.123 <<< 421 bye', '421', null, 'bye'],
    ['2026-11-20T12:04:31Z 421 bye', '421', null, 'bye'],
    ['"550 5.1.1 x"', '550', '5.1.1', 'x'],
    ['host mx[192.0.2.1] said: 552 5.2.2 full', '552', '5.2.2', 'full'],
    ['554', '554', null, ''],
    ['5.7.1 no code', null, '5.7.1', 'no code'],
    ['try again in 300 seconds', null, null, 'try again in 300 seconds'],
    ['version 5.7.12 of 203.0.113.25', null, null, 'version 5.7.12 of 203.0.113.25'],
    ['', null, null, ''],
  ])('%j', (text, code, enhanced, words) => {
    expect(parseReply(text)).toMatchObject({ code, enhanced, text: words });
  });

  it('reads back what a server wrote on any number of lines', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}(?: [a-z]{1,8}){0,4}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (lines, end, enhanced) => {
          const detail = enhanced ? '5.7.26 ' : '';
          const wire = lines.map((line, at) => `550${at < lines.length - 1 ? '-' : ' '}${detail}${line}`).join(end);
          expect(parseReply(wire)).toEqual({
            code: '550',
            enhanced: enhanced ? '5.7.26' : null,
            text: lines.join('\n'),
            lines,
          });
        },
      ),
    );
  });

  it('never throws and never reads more than it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(parseReply(text).text.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
