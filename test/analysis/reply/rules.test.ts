import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { classifyReply } from '../../../src/analysis/reply/classify-reply.ts';
import { fold } from '../../../src/analysis/reply/fold.ts';
import { requiredLiterals } from '../../../src/analysis/reply/required-literals.ts';
import { RULE_INDEX, RULES } from '../../../src/analysis/reply/rules/index.ts';
import { isCauseOf } from '../../../src/vocabulary.ts';

describe('every rule', () => {
  it('has an id of its own', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))('%s decides its own example', (id, rule) => {
    expect(classifyReply(rule.example).ruleId).toBe(id);
    if (rule.errorType === null) expect(rule.cause).toBe('ok');
    else expect(isCauseOf(rule.errorType, rule.cause)).toBe(true);
    expect(rule.source).toMatch(/^(?:https:\/\/|RFC \d)/);
  });

  it('can be found without trying it on every text', () => {
    expect(RULE_INDEX.unfiled).toEqual([]);
  });

  it('is found by a literal that stands in its example', () => {
    for (const { id, text, example } of RULES) {
      if (text === undefined) continue;
      const folded = fold(example);
      if (!text.test(folded)) continue;
      expect({ id, found: requiredLiterals(text)?.some((literal) => folded.includes(literal)) }).toEqual({
        id,
        found: true,
      });
    }
  });
});

/** Text that makes a pattern start as often as it can and fail late. */
function hostile(rule: (typeof RULES)[number], length: number): string[] {
  const literals = rule.text === undefined ? [] : (requiredLiterals(rule.text) ?? []);
  const example = fold(rule.example);
  const seeds = [
    example.slice(0, -1),
    ...literals.slice(0, 4).map((literal) => `${literal} `),
    literals.slice(0, 12).join(' '),
    `${example.split(' ', 1)[0]} `,
  ];
  return seeds
    .filter((seed) => seed.trim() !== '')
    .map((seed) => seed.repeat(Math.ceil(length / seed.length)).slice(0, length));
}

function timeOf(pattern: RegExp, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const start = performance.now();
    pattern.test(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('hostile text', () => {
  it('makes no pattern grow faster than the text', () => {
    for (const rule of RULES) {
      if (rule.text === undefined) continue;
      const short = hostile(rule, 1500);
      const long = hostile(rule, 6000);
      for (const [index, text] of long.entries()) {
        const small = timeOf(rule.text, short[index] ?? '');
        const large = timeOf(rule.text, text);
        // Four times the text: quadratic would be sixteen times, and exponential would not end.
        expect({ id: rule.id, index, steep: large > 5 && large > small * 10 }).toEqual({
          id: rule.id,
          index,
          steep: false,
        });
      }
    }
  });

  it.each([
    '550 5.1.1 ',
    'said: ',
    ' -> ',
    '[Message=',
    '{LED=',
    '[LastAttemptedIP=',
    '550-',
    'host a[1',
    '"',
    "returned '",
    '@',
    '<a@',
    '(#5.',
    'a.',
    '\n',
    'to',
    'by a.',
    '[a.',
    'Server at a.b (',
    'a_b remote_host ',
    '550 5.1.1 spam from your host ',
  ])('%j a million times is soon read', (seed) => {
    const start = performance.now();
    classifyReply(seed.repeat(1_000_000 / seed.length));
    expect(performance.now() - start).toBeLessThan(500);
  });
});
