import { describe, expect, it } from 'vitest';
import {
  sayCount,
  sayDays,
  sayDuration,
  sayHeadline,
  sayList,
  sayMany,
  sayTime,
  splitSentence,
} from '../../cards/say.ts';

describe('say', () => {
  it.each([
    [0.4, '0 ms'],
    [412, '412 ms'],
    [4200, '4.2 s'],
    [60_000, '1 min'],
    [192_000, '3 min 12 s'],
    [8_207_154, '2 h 17 min'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(sayDuration(ms)).toBe(text);
  });

  it.each([
    ['2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z', '1–3 Nov 2026 UTC'],
    ['2026-10-30T00:00:00Z', '2026-11-02T00:00:00Z', '30 Oct – 2 Nov 2026 UTC'],
    ['2025-12-31T00:00:00Z', '2026-01-01T00:00:00Z', '31 Dec 2025 – 1 Jan 2026 UTC'],
    ['2026-11-01T01:00:00Z', '2026-11-01T02:00:00Z', '1 Nov 2026 UTC'],
  ])('%s to %s is %s', (first, last, text) => {
    expect(sayDays(first, last)).toBe(text);
  });

  it('groups thousands and counts in words', () => {
    expect(sayCount(48211)).toBe('48,211');
    expect([sayMany(1, 'row'), sayMany(2, 'row'), sayMany(0, 'entry', 'entries')]).toEqual([
      '1 row',
      '2 rows',
      '0 entries',
    ]);
    expect([sayList([]), sayList(['a']), sayList(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  });

  it('shows the zone, and text that is no time as it is', () => {
    expect(sayTime('2026-11-20T13:04:31+01:00')).toBe('12:04:31 UTC');
    expect(sayTime('soon')).toBe('soon');
  });

  it('splits sentences, not names and codes', () => {
    expect(splitSentence('Host mx.contoso.example said 5.1.1 no. Ask them.')).toEqual([
      'Host mx.contoso.example said 5.1.1 no',
      'Ask them.',
    ]);
    expect(splitSentence('1 of 2 addresses refuses: delay. mx1.contoso.example (203.0.113.1): refused')).toEqual([
      '1 of 2 addresses refuses: delay',
      'mx1.contoso.example (203.0.113.1): refused',
    ]);
    expect(splitSentence('mx1.contoso.example is slow, i.e. late')).toEqual([
      'mx1.contoso.example is slow, i.e. late',
      '',
    ]);
    expect(splitSentence('Why? Because.')).toEqual(['Why?', 'Because.']);
    expect(splitSentence('One sentence.')).toEqual(['One sentence', '']);
  });

  it('keeps a headline whole as long as it reads at a glance', () => {
    expect(sayHeadline('a.example', '1 of 2 fails. Late mail.')).toEqual(['a.example: 1 of 2 fails. Late mail', '']);
    const [title, rest] = sayHeadline('a.example', `a.example fails. ${'More words. '.repeat(30)}`);
    expect(title).toBe('a.example fails');
    expect(rest).toMatch(/^More words\./);
    const words = `1 of 2 refuses: late. mx1.a.example: refused${', and why'.repeat(20)}.`;
    expect(sayHeadline('a.example', words)[0]).toBe('a.example: 1 of 2 refuses: late');
    const long = `mx1.a.example: certificate fails DANE, so DANE senders refuse: TLSA 3 1 1 (we saw ${'0'.repeat(64)}) is wrong`;
    expect(sayHeadline('a.example', `${long}. Mail still flows.`)).toEqual([
      'mx1.a.example: certificate fails DANE, so DANE senders refuse',
      `TLSA 3 1 1 (we saw ${'0'.repeat(64)}) is wrong. Mail still flows.`,
    ]);
    expect(sayHeadline('a.example', 'The primary MX refuses.')[0]).toBe('a.example: the primary MX refuses');
    // The row has the address; the reason must not fall off for it.
    const reason = `defers the sender: ${'its sending pattern changed, '.repeat(3)}so it is throttled`;
    expect(sayHeadline('kim@a.example', `mx1.a.example (203.0.113.10): ${reason}.`)).toEqual([
      `kim@a.example: ${reason}`,
      '',
    ]);
    const [, after] = sayHeadline('a.example', `a.example fails for a long time: ${'because, '.repeat(20)}so.`);
    expect(after).toMatch(/^Because, /);
    expect(sayHeadline('a.example', 'x'.repeat(400))[0]).toBe(`a.example: ${'x'.repeat(400)}`);
  });
});
