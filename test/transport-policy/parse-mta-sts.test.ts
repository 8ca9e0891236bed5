import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MtaStsPolicy, parsePolicy, policyNames } from '../../src/transport-policy/parse-mta-sts.ts';

const RIGHT = { version: 'STSv1', mode: 'enforce', mx: 'mx1.contoso.example', max_age: '604800' };

/** A policy file of these fields; undefined leaves one out. */
function fileOf(changes: Partial<Record<keyof typeof RIGHT, string | undefined>> = {}): string {
  return Object.entries({ ...RIGHT, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

/** Any code points, lone surrogates too. */
function anyString(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0x10_ffff)), { maxLength })
    .map((codes) => String.fromCodePoint(...codes));
}

describe('parsePolicy', () => {
  const policy = { mode: 'enforce', mx: ['mx1.contoso.example'], maxAgeS: 604_800 };
  test.each<[what: string, text: string]>([
    ['LF', fileOf()],
    ['CRLF', fileOf().replaceAll('\n', '\r\n')],
    ['no line end at the end', fileOf().trimEnd()],
    ['several line ends at the end', `${fileOf()}\r\n\n\r\n`],
    ['blanks around the values', fileOf().replaceAll(': ', ' : \t').replaceAll('\n', ' \n')],
    ['another order', fileOf().split('\n').reverse().filter(Boolean).join('\n')],
    ['unknown fields', `${fileOf()}x-note: hello: world\n`],
    ['capitals in the host', fileOf({ mx: 'MX1.Contoso.Example' })],
  ])('%s', (_, text) => {
    expect(parsePolicy(text)).toEqual({ policy, warnings: [] });
  });

  test.each<[what: string, text: string, broken: string]>([
    ['nothing', '', 'has no version'],
    ['no version', fileOf({ version: undefined }), 'has no version'],
    ['another version', fileOf({ version: 'STSv2' }), 'has the version "STSv2", not STSv1'],
    ['no mode', fileOf({ mode: undefined }), 'has no mode'],
    ['an unknown mode', fileOf({ mode: 'Enforce' }), 'has the unknown mode "Enforce"'],
    ['no max_age', fileOf({ max_age: undefined }), 'has no max_age'],
    ['a max_age in words', fileOf({ max_age: '1 week' }), 'has the max_age "1 week", which is not a number of seconds'],
    ['a negative max_age', fileOf({ max_age: '-1' }), 'has the max_age "-1", which is not a number of seconds'],
    ['no mx', fileOf({ mx: undefined }), 'names no mx'],
    ['an mx that is none', fileOf({ mx: '*' }), 'names no mx but "*", which is no host name'],
    ['a line without a colon', `${fileOf()}mode\n`, 'is malformed: line 5 is "mode", not "key: value"'],
    ['lines that end in CR', fileOf().replaceAll('\n', '\r'), 'is malformed: line 1 is'],
    ['a byte order mark', `\uFEFF${fileOf()}`, 'is malformed: line 1 is "version: STSv1", not "key: value"'],
    ['a NUL', fileOf({ mode: 'enforce\0' }), 'is malformed: line 2 is'],
    ['markup', '<html>', 'is malformed: line 1 is "<html>", not "key: value"'],
  ])('%s is told', (_, text, broken) => {
    expect(parsePolicy(text)).toEqual({ broken: expect.stringContaining(broken) });
  });

  test.each<[what: string, text: string, warning: string]>([
    ['a short max_age', fileOf({ max_age: '3600' }), 'max_age is 3600 s; senders forget'],
    ['a long max_age', fileOf({ max_age: '31557601' }), 'max_age is 31557601 s; more than a year (31557600 s)'],
    ['a field twice', `${fileOf()}mode: none\n`, 'mode is given more than once; the first counts'],
    ['an empty line', `version: STSv1\n\n${fileOf({ version: undefined })}`, 'the policy has empty lines'],
    [
      'an mx that matches nothing',
      `${fileOf()}mx: mx2.contoso.example.\n`,
      'the mx "mx2.contoso.example." can match no host',
    ],
    [
      'a wildcard in the middle',
      `${fileOf()}mx: mx.*.contoso.example\n`,
      'the mx "mx.*.contoso.example" can match no host',
    ],
  ])('%s is warned of', (_, text, warning) => {
    const parsed = parsePolicy(text);
    expect(parsed).toMatchObject({ policy: { mode: 'enforce', mx: ['mx1.contoso.example'] } });
    expect(parsed).toHaveProperty('warnings', [expect.stringContaining(warning)]);
  });

  test('a policy that is taken back needs no mx', () => {
    expect(parsePolicy(fileOf({ mode: 'none', mx: undefined, max_age: '86400' }))).toEqual({
      policy: { mode: 'none', mx: [], maxAgeS: 86_400 },
      warnings: [],
    });
  });

  const value = fc.oneof(anyString(40), fc.constantFrom('STSv1', 'enforce', '604800', '*.a.example'));
  const line = fc
    .tuple(fc.constantFrom('version', 'mode', 'mx', 'max_age', 'x', ''), value)
    .map(([k, v]) => `${k}: ${v}`);
  const anyText = fc.oneof(
    anyString(300),
    fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'))
      .map(([lines, end]) => lines.join(end)),
  );
  test('no text makes it throw, and what it says is bounded and on one line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parsePolicy(text);
        const words = 'broken' in parsed ? [parsed.broken] : parsed.warnings;
        for (const one of words) {
          expect(one.length).toBeLessThan(300);
          expect(words.length).toBeLessThan(7);
          expect(one).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('64 KB of the worst is read in no time', () => {
    const newlines = '\n'.repeat(65_000);
    for (const text of [
      `${newlines}x`,
      ':'.repeat(65_536),
      '\r\n'.repeat(32_768),
      'a '.repeat(32_768),
      `mx: ${' '.repeat(65_000)}x`,
    ]) {
      const began = performance.now();
      parsePolicy(text);
      expect(performance.now() - began).toBeLessThan(300);
    }
  });
});

describe('policyNames (RFC 8461 4.1)', () => {
  const policy: MtaStsPolicy = {
    id: '1',
    mode: 'enforce',
    mx: ['mx1.contoso.example', '*.mail.contoso.example'],
    maxAgeS: 1,
  };
  test.each<[host: string, expected: boolean]>([
    ['mx1.contoso.example', true],
    ['MX1.Contoso.Example.', true],
    ['a.mail.contoso.example', true],
    ['mail.contoso.example', false],
    ['a.b.mail.contoso.example', false],
    ['amail.contoso.example', false],
    ['mx2.contoso.example', false],
    ['example', false],
    ['', false],
    ['.mail.contoso.example', false],
  ])('%s: %s', (host, expected) => {
    expect(policyNames(policy, host)).toBe(expected);
  });
});
