import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/probe/limits.ts';
import { type ReplyEvent, ReplyParser } from '../../src/probe/session/reply-parser.ts';
import { describeReply } from '../../src/probe/session/smtp-reply.ts';

function parse(chunks: string[]): ReplyEvent[] {
  const parser = new ReplyParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

function split(text: string, cuts: number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, at) => text.slice(from, places[at]));
}

const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) });
const replyLine = fc
  .tuple(
    fc.constantFrom('220', '250', '421', '550', '354'),
    fc.constantFrom('-', ' ', ''),
    latin1,
    fc.constantFrom('\r\n', '\n'),
  )
  .map(([code, mark, text, end]) => `${code}${mark === '' ? '' : mark + text.replaceAll('\n', '')}${end}`);
const stream = fc
  .array(fc.oneof({ weight: 9, arbitrary: replyLine }, { weight: 1, arbitrary: latin1 }))
  .map((parts) => parts.join(''));

describe('ReplyParser', () => {
  test('chunk boundaries make no difference', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 30 }), (text, cuts) => {
        expect(parse(split(text, cuts))).toEqual(parse([text]));
        expect(parse(text.split(''))).toEqual(parse([text]));
      }),
    );
  });

  test('chunk boundaries make no difference around the limits', () => {
    const lengths = [-2, -1, 0, 1, 2].map((delta) => LIMITS.lineBytes + delta);
    for (const length of lengths) {
      for (const end of ['\r\n', '\n', '']) {
        const text = `220 ${'x'.repeat(length - 4)}${end}`;
        for (const cut of [1, 4, LIMITS.lineBytes - 1, LIMITS.lineBytes, LIMITS.lineBytes + 1, text.length - 1]) {
          expect(parse([text.slice(0, cut), text.slice(cut)]), `${length} ${JSON.stringify(end)} ${cut}`).toEqual(
            parse([text]),
          );
        }
      }
    }
  });

  test('whatever comes, lines of a reply are those that were sent, and nothing follows a break', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const events = parse([text]);
        const broken = events.findIndex(({ type }) => type === 'broken');
        expect(broken === -1 || broken === events.length - 1).toBe(true);
        const lines = events.flatMap((event) => (event.type === 'line' ? [event.line] : []));
        const replied = events.flatMap((event) => (event.type === 'reply' ? event.reply.lines : []));
        expect(lines.slice(0, replied.length)).toEqual(replied);
        for (const event of events)
          if (event.type === 'reply') expect(describeReply(event.reply).code).toMatch(/^[2-5][0-5]\d$/);
      }),
    );
  });

  const limits = [
    { name: 'a line', text: `220 ${'x'.repeat(LIMITS.lineBytes)}` },
    { name: 'lines', text: '220-x\r\n'.repeat(LIMITS.replyLines + 1) },
    { name: 'bytes of a reply', text: `220-${'x'.repeat(2000)}\r\n`.repeat(40) },
    { name: 'bytes of a session', text: `220 ${'x'.repeat(4000)}\r\n`.repeat(70) },
  ];
  test.each(limits)('$name without end is too long', ({ text }) => {
    expect(parse([text]).at(-1)).toMatchObject({ type: 'broken', reason: 'reply-too-long' });
    expect(parse([text, '220 still here\r\n'])).toEqual(parse([text]));
  });
});

describe('describeReply', () => {
  const cases = [
    { lines: ['250 2.1.5 Recipient OK'], reply: { code: '250', enhanced: '2.1.5', text: 'Recipient OK' } },
    {
      lines: ['550-5.7.26 first', '550 5.7.26 second'],
      reply: { code: '550', enhanced: '5.7.26', text: 'first\nsecond' },
    },
    { lines: ['220 mx ESMTP'], reply: { code: '220', enhanced: null, text: 'mx ESMTP' } },
    { lines: ['220'], reply: { code: '220', enhanced: null, text: '' } },
    { lines: ['550 5.1.1234 no code'], reply: { code: '550', enhanced: null, text: '5.1.1234 no code' } },
    { lines: ['550 B\xc3\xbccher'], reply: { code: '550', enhanced: null, text: 'Bücher' } },
    { lines: ['550 B\xfccher'], reply: { code: '550', enhanced: null, text: 'Bücher' } },
  ];
  test.each(cases)('$lines', ({ lines, reply }) => {
    expect(describeReply({ code: Number(lines[0]?.slice(0, 3)), lines })).toEqual(reply);
  });
});
