import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget, targetArg } from '../../commands/target.ts';
import { UserError } from '../../src/errors.ts';

describe('parseTarget', () => {
  it.each<[typed: string, expected: unknown]>([
    ['contoso.com', { kind: 'domain', domain: 'contoso.com' }],
    ['Contoso.COM.', { kind: 'domain', domain: 'contoso.com' }],
    ['mx1.contoso.com:2525', { kind: 'host', host: 'mx1.contoso.com', port: 2525 }],
    ['192.0.2.10', { kind: 'ip', ip: '192.0.2.10' }],
    ['192.0.2.10:25', { kind: 'ip', ip: '192.0.2.10', port: 25 }],
    ['2001:db8::1', { kind: 'ip', ip: '2001:db8::1' }],
    ['[2001:db8::1]', { kind: 'ip', ip: '2001:db8::1' }],
    ['[2001:db8::1]:587', { kind: 'ip', ip: '2001:db8::1', port: 587 }],
    ['[IPv6:2001:db8::1]:25', { kind: 'ip', ip: '2001:db8::1', port: 25 }],
    ['kim@fabrikam.com', { kind: 'domain', domain: 'fabrikam.com', mailbox: 'kim@fabrikam.com' }],
    [
      '<mailto:kim@fabrikam.com|kim@fabrikam.com>',
      { kind: 'domain', domain: 'fabrikam.com', mailbox: 'kim@fabrikam.com' },
    ],
    ['<http://contoso.com|contoso.com>', { kind: 'domain', domain: 'contoso.com' }],
    ['<http://mx1.contoso.com:25|mx1.contoso.com:25>', { kind: 'host', host: 'mx1.contoso.com', port: 25 }],
    ['<https://contoso.com/path?x=1>', { kind: 'domain', domain: 'contoso.com' }],
    ['“contoso.com”', { kind: 'domain', domain: 'contoso.com' }],
    ['‘contoso.com’,', { kind: 'domain', domain: 'contoso.com' }],
    ['smtp://mx1.contoso.com:25/', { kind: 'host', host: 'mx1.contoso.com', port: 25 }],
    ['bücher.example', { kind: 'domain', domain: 'xn--bcher-kva.example' }],
    ['_dmarc.contoso.com', { kind: 'domain', domain: '_dmarc.contoso.com' }],
    ['localhost', { kind: 'domain', domain: 'localhost' }],
  ])('reads %s', (typed, expected) => {
    expect(parseTarget(typed)).toEqual(expected);
  });

  it.each([
    '',
    '   ',
    '@contoso.com',
    'kim@',
    'kim@fabrikam@contoso.com',
    'contoso..com',
    '-contoso.com',
    'a b.com',
    'contoso.com:0',
    'contoso.com:99999',
    'contoso.com:smtp',
    '2001:db8::1:zz:25:1:1:1:1',
    '[not-an-address]:25',
    '12345',
    `${'a'.repeat(64)}.com`,
    'x'.repeat(500),
    'kim\r\nRCPT TO:<x>@contoso.com',
    'contoso..',
    'contoso.com..',
  ])('refuses %j with a line that works', (typed) => {
    expect(() => parseTarget(typed)).toThrow(UserError);
    try {
      parseTarget(typed);
    } catch (error) {
      expect((error as UserError).example).toMatch(/^\/probe /);
    }
  });

  it('never throws anything but UserError and never lets a line break through', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl(), fc.emailAddress()), (typed) => {
        try {
          const target = parseTarget(typed);
          expect(JSON.stringify(target)).not.toMatch(/\\r|\\n|\\u0000/);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});

describe('targetArg', () => {
  it('gives a text that is one word of a command line, whatever stood in quotes', () => {
    expect(targetArg('probe').parse('contoso.com/ --depth submit')).toEqual({
      text: 'contoso.com',
      target: { kind: 'domain', domain: 'contoso.com' },
    });
    fc.assert(
      fc.property(fc.tuple(fc.constantFrom('contoso.com/', '"contoso.com"?', 'a@b.example#'), fc.string()), (parts) => {
        try {
          expect(targetArg('probe').parse(parts.join(' ')).text).not.toMatch(/\s/);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
