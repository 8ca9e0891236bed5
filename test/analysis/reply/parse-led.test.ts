import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCultureDate } from '../../../src/analysis/reply/culture-date.ts';
import { parseLed } from '../../../src/analysis/reply/parse-led.ts';

const WHOLE =
  'Reason: [{LED=450 4.4.315 Connection timed out [Message=Socket error code 10060] [LastAttemptedServerName=mail.contoso.example] [LastAttemptedIP=203.0.113.25:25] [SmtpSecurity=-2;-2] [AM7EUR03FT041.eop-EUR03.prod.protection.outlook.com 2026-09-14T08:11:43.120Z 08DEF1A2B3C4D5E6]};{MSG=Socket error code 10060};{FQDN=mail.contoso.example};{IP=203.0.113.25};{LRT=9/14/2026 8:11:43 AM}]. OutboundProxyTargetIP: 203.0.113.25. OutboundProxyTargetHostName: mail.contoso.example';

describe('parseLed', () => {
  it('reads every part', () => {
    expect(parseLed(WHOLE)).toMatchObject({
      msg: 'Socket error code 10060',
      message: 'Socket error code 10060',
      fqdn: 'mail.contoso.example',
      ip: '203.0.113.25',
      lrt: '2026-09-14T08:11:43Z',
      lastAttemptedServer: 'mail.contoso.example',
      lastAttemptedIp: '203.0.113.25',
      outboundProxyTargetIp: '203.0.113.25',
      outboundProxyTargetHost: 'mail.contoso.example',
      session: {
        server: 'AM7EUR03FT041.eop-EUR03.prod.protection.outlook.com',
        time: '2026-09-14T08:11:43.120Z',
        id: '08DEF1A2B3C4D5E6',
      },
      truncated: false,
    });
  });

  it.each([
    [
      '2013 order',
      '[{LRT=1/22/2026 7:03:44 AM};{LED=421 4.4.2 x};{FQDN=mx};{IP=192.0.2.9}]',
      { led: '421 4.4.2 x', ip: '192.0.2.9', truncated: false },
    ],
    [
      'a brace inside',
      '{LED=554 i{guid}};{MSG=};{FQDN=};{IP=};{LRT=}',
      { led: '554 i{guid}', msg: undefined, truncated: false },
    ],
    [
      'wrapped lines',
      '[{LED=450 4.4.316 Connection\r\n      refused};{MSG=};{FQDN=mx1.fabrikam\r\n  .example};{IP=};{LRT=}]',
      { led: '450 4.4.316 Connection refused', fqdn: 'mx1.fabrikam.example' },
    ],
    [
      'cut by the service',
      'Reason: [{LED=450 4.4.317 Cannot connect [SJ1PEPF. OutboundProxyTargetIP: 192.0.2.62. OutboundProxyTargetHostName: mx2.example',
      { truncated: true, outboundProxyTargetIp: '192.0.2.62', outboundProxyTargetHost: 'mx2.example' },
    ],
    [
      'cut in MSG',
      '[{LED=450 4.4.316 Connection refused};{MSG=4. OutboundProxyTargetIP: 192.0.2.62',
      { led: '450 4.4.316 Connection refused', msg: '4', truncated: true },
    ],
    [
      'a missing bracket',
      '[{LED=450 x [LastAttemptedIP=203.0.113.139:25 [BL2NAM02FT036.example.com]};{MSG=};{FQDN=};{IP=};{LRT=}]',
      { lastAttemptedIp: '203.0.113.139' },
    ],
    ['IPv6 with port', '{LED=450 x [LastAttemptedIP=[2001:db8::1]:25]}', { lastAttemptedIp: '2001:db8::1' }],
    ['no braces', 'LED=450 4.4.316 refused', { led: '450 4.4.316 refused', truncated: true }],
  ])('%s', (_, text, expected) => {
    expect(parseLed(text)).toMatchObject(expected);
  });

  it('finds no LED where there is none', () => {
    expect(parseLed('550 5.1.1 User unknown')).toBeUndefined();
    expect(parseLed('{FQDN=mx}')).toBeUndefined();
  });

  it('reads the same values in any order', () => {
    const parts = [
      '{LED=450 4.4.316 Connection refused}',
      '{MSG=Socket error code 10061}',
      '{FQDN=mx1.fabrikam.example}',
      '{IP=192.0.2.62}',
      '{LRT=9/14/2026 8:11:43 AM}',
    ];
    const whole = parseLed(`[${parts.join(';')}]`);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(parts, { minLength: 5 }),
        fc.constantFrom(['[', ']'], ['{[', ']}'], ['', ''], ['Reason: [', '].'], ['Defer: [', ']']),
        (order, [open, close]) => {
          expect(parseLed(`${open}${order.join(';')}${close}`)).toEqual(whole);
        },
      ),
    );
  });

  it('survives a cut at any place', () => {
    fc.assert(
      fc.property(fc.nat(WHOLE.length), (at) => {
        const led = parseLed(WHOLE.slice(0, at));
        if (led?.fqdn !== undefined) expect('mail.contoso.example'.startsWith(led.fqdn)).toBe(true);
      }),
    );
  });
});

describe('parseCultureDate', () => {
  it.each([
    ['9/14/2026 3:07:55 PM', undefined, '2026-09-14T15:07:55Z'],
    ['15/07/2025 09:21:04', undefined, '2025-07-15T09:21:04'],
    ['11.08.2026 09:47:13', undefined, '2026-08-11T09:47:13'],
    ['2019/11/4 13:31:03', undefined, '2019-11-04T13:31:03'],
    ['11/03/2026 17:55:20', '2026-03-11T17:55:20.018Z', '2026-03-11T17:55:20'],
    ['11/03/2026 17:55:20', '2026-11-03T17:55:20.018Z', '2026-11-03T17:55:20'],
    ['12/31/2026 12:00:00 AM', undefined, '2026-12-31T00:00:00Z'],
    ['3/09/2016 5:05:09 PM', undefined, '2016-09-03T17:05:09'],
    ['2026-09-14T08:11:43.120Z', undefined, '2026-09-14T08:11:43Z'],
    ['99/99/2026 10:00:00', undefined, undefined],
    ['soon', undefined, undefined],
  ])('%s beside %s', (text, anchor, expected) => {
    expect(parseCultureDate(text, anchor)).toBe(expected);
  });
});
