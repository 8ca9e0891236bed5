import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { planProbe } from '../../src/probe/plan.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';
import { requestFor, testConfig } from './harness.ts';

const config = testConfig({}, { MAILMEDIC_MAILBOXES: 'monitor@contoso.example' });
const domain = (overrides: Partial<ProbeRequest> = {}): ProbeRequest => ({
  ...requestFor(25),
  target: { kind: 'domain', domain: 'contoso.example' },
  ...overrides,
});

describe('planProbe', () => {
  const plans: { name: string; request: ProbeRequest; plan: object }[] = [
    {
      name: 'a domain',
      request: domain(),
      plan: {
        name: 'contoso.example',
        viaMx: true,
        port: 25,
        implicitTls: false,
        to: 'postmaster@contoso.example',
        from: '',
      },
    },
    {
      name: 'an umlaut',
      request: domain({ target: { kind: 'domain', domain: 'Bücher.example.' } }),
      plan: { name: 'xn--bcher-kva.example' },
    },
    {
      name: 'an address',
      request: domain({ target: { kind: 'domain', domain: 'contoso.example', mailbox: 'kim@contoso.example' } }),
      plan: { to: 'kim@contoso.example' },
    },
    { name: 'port 465', request: domain({ port: 465 }), plan: { implicitTls: true } },
    { name: 'port 465 without TLS', request: domain({ port: 465, tls: 'off' }), plan: { implicitTls: false } },
    { name: 'implicit TLS', request: domain({ tls: 'implicit' }), plan: { port: 465, implicitTls: true } },
    {
      name: 'an IP address',
      request: requestFor(2525),
      plan: { name: '127.0.0.1', viaMx: false, port: 2525, to: 'postmaster', alsoNamed: [] },
    },
    { name: 'an IPv4 literal for EHLO', request: domain({ helo: '[192.0.2.7]' }), plan: { helo: '[192.0.2.7]' } },
    { name: 'an IPv6 literal', request: domain({ helo: '[IPv6:2001:db8::7]' }), plan: { helo: '[IPv6:2001:db8::7]' } },
    { name: 'a bare IPv6 address', request: domain({ helo: '2001:db8::7' }), plan: { helo: '[IPv6:2001:db8::7]' } },
    { name: 'the null sender', request: domain({ from: '<>' }), plan: { from: '' } },
    {
      name: 'a monitoring mailbox',
      request: domain({ depth: 'submit', to: 'Monitor@contoso.example' }),
      plan: { to: 'Monitor@contoso.example' },
    },
  ];
  test.each(plans)('$name', ({ request, plan }) => {
    expect(planProbe(request, config)).toMatchObject(plan);
  });

  const refused: { name: string; request: ProbeRequest; words: RegExp }[] = [
    {
      name: 'a domain with CR LF',
      request: domain({ target: { kind: 'domain', domain: 'a.example\r\nRSET' } }),
      words: /not a domain/,
    },
    { name: 'no domain', request: domain({ target: { kind: 'domain', domain: '' } }), words: /not a domain/ },
    { name: 'CR LF in a recipient', request: domain({ to: 'a@b.example>\r\nDATA' }), words: /not a mail address/ },
    { name: 'a bracket in a sender', request: domain({ from: 'a>b@c.example' }), words: /not a mail address/ },
    { name: 'a recipient without domain', request: domain({ to: 'kim' }), words: /not a mail address/ },
    { name: 'a blank in EHLO', request: domain({ helo: 'a b' }), words: /EHLO name/ },
    { name: 'a literal of no address', request: domain({ helo: '[IPv6:hello]' }), words: /EHLO name/ },
    { name: 'a name as --host', request: domain({ hostIp: 'mx1' }), words: /not an IP address/ },
    {
      name: 'submit to a stranger',
      request: domain({ depth: 'submit', to: 'kim@contoso.example' }),
      words: /MAILMEDIC_MAILBOXES: monitor@contoso\.example/,
    },
    { name: 'submit to nobody', request: domain({ depth: 'submit' }), words: /needs a mailbox/ },
  ];
  test.each(refused)('refuses $name', ({ request, words }) => {
    expect(() => planProbe(request, config)).toThrow(UserError);
    expect(() => planProbe(request, config)).toThrow(words);
  });
});
