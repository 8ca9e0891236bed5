import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryHint, sayWait } from '../../src/probe/attempt/retry-hint.ts';

describe('retryHint', () => {
  const cases: [text: string, seconds: number | undefined][] = [
    ['Greylisted, please try again in 300 seconds', 300],
    ['<kim@contoso.example>: Recipient address rejected: Greylisted, please try again in 10 seconds', 10],
    ['Greylisting in action, please come back in 00:04:59', 299],
    ['try again in 00:05:00', 300],
    ['come back in 4:59', 299],
    ['You have been greylisted, retry in 5 minutes', 300],
    ['please try again in 3 minutes and 20 seconds', 200],
    ['Greylisted for 60 s', 60],
    ['greylisted for 5mins', 300],
    ['Greylisted for 1 minute.', 60],
    ['try again after 1 hour', 3600],
    ['delayed for 2 days', 172_800],
    ['Please wait 120 and try again', 120],
    ['retry after 300', 300],
    ['retry after 300.', 300],
    ['come back in 2 weeks', undefined],
    ['Greylisted, see http://postgrey.schweikert.ch/help/contoso.example.html', undefined],
    ['Try again later', undefined],
    ['blocked for 192.0.2.10', undefined],
    ['deferred for 2001:db8::10:25', undefined],
    ['try port 25 later (code 4.7.1)', undefined],
    ['', undefined],
  ];
  test.each(cases)('%j asks for %j s', (text, seconds) => {
    expect(retryHint(text)).toBe(seconds);
  });

  test('finds what a server wrote, whatever stands around it', () => {
    const unit = fc.constantFrom<[string, number]>(
      ['seconds', 1],
      ['s', 1],
      ['minutes', 60],
      ['min', 60],
      ['hours', 3600],
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), unit, (count, [word, factor]) => {
        expect(retryHint(`Greylisted <a@contoso.example>, try again in ${count} ${word}, please`)).toBe(count * factor);
      }),
    );
  });

  test('takes any text, and does not grow slow with it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const found = retryHint(text);
        expect(found === undefined || (found >= 0 && Number.isFinite(found))).toBe(true);
      }),
    );
    const began = performance.now();
    for (const part of ['1 ', '1:', 'for 1', '1s and ', '9'.repeat(50)]) retryHint(part.repeat(100_000));
    expect(performance.now() - began).toBeLessThan(200);
  });
});

test.each([
  [1, '1 second'],
  [10, '10 seconds'],
  [60, '1 minute'],
  [90, '90 seconds'],
  [300, '5 minutes'],
  [299, '5 minutes'],
  [7200, '2 hours'],
])('%i s is %s', (seconds, words) => {
  expect(sayWait(seconds)).toBe(words);
});
