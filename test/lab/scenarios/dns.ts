import { NAMESPACE_PLAN, VANISHING } from '../place.ts';
import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { postfix } from '../servers/server.ts';

const LONG = 'a-name-that-fills-the-whole-label.of-a-mail-server-far-far-away.with-many-parts';

/** The way to the mail server, from a real authority through a validating resolver. */
export const dns: Scenario[] = [
  scenario('dns', 'nxdomain', { records: () => [], expect: failed('DnsFailure', 'nxdomain', 'dns', 'dns') }),
  scenario('dns', 'lame-delegation', {
    zone: 'lame',
    expect: failed('DnsFailure', 'servfail', 'dns', 'dns'),
  }),
  scenario('dns', 'silent-name-server', {
    zone: 'silent',
    expect: failed('DnsFailure', 'timeout', 'dns', 'dns'),
  }),
  scenario('dns', 'signatures-expired', {
    zone: 'expired',
    servers: { mx: postfix() },
    expect: failed('DnsFailure', 'dnssec', 'dns', 'dns', { dnssec: 'bogus' }),
  }),
  scenario('dns', 'signed', {
    zone: 'signed',
    servers: { mx: postfix() },
    expect: ok({ dnssec: 'secure' }),
  }),
  scenario('dns', 'unsigned', { servers: { mx: postfix() }, expect: ok({ dnssec: 'insecure' }) }),
  // RFC 7505.
  scenario('dns', 'null-mx', {
    records: () => ['@ MX 0 .'],
    expect: failed('DnsFailure', 'null-mx', 'dns', 'recipient'),
  }),
  scenario('dns', 'mx-to-address', {
    records: () => ['@ MX 10 203.0.113.200.'],
    expect: failed('DnsFailure', 'invalid-mx', 'dns', 'dns'),
  }),
  scenario('dns', 'mx-without-address', {
    records: () => ['@ MX 10 mx', 'mx TXT "no address here"'],
    expect: failed('DnsFailure', 'no-address', 'dns', 'dns'),
  }),
  scenario('dns', 'mx-to-nowhere', {
    records: () => ['@ MX 10 nowhere'],
    expect: failed('DnsFailure', ['nxdomain', 'no-address'], 'dns', 'dns'),
  }),
  scenario('dns', 'mx-in-a-lame-zone', {
    records: () => ['@ MX 10 mx.lame.example.'],
    expect: failed('DnsFailure', 'servfail', 'dns', 'dns'),
  }),
  scenario('dns', 'mx-in-a-bogus-zone', {
    servers: { mx: postfix() },
    records: () => ['@ MX 10 ns.expired.example.'],
    expect: failed('DnsFailure', 'dnssec', 'dns', 'dns'),
  }),
  scenario('dns', 'neither-mx-nor-address', {
    records: () => ['@ TXT "v=spf1 -all"'],
    expect: failed('DnsFailure', 'no-address', 'dns', 'dns'),
  }),
  scenario('dns', 'no-such-host', {
    records: () => ['@ TXT "x"'],
    args: ['nobody.{domain}:25'],
    expect: failed('DnsFailure', 'nxdomain', 'dns', 'dns'),
  }),
  // RFC 5321 5.1: an address record alone is an MX of preference 0.
  scenario('dns', 'implicit-mx', {
    servers: { mx: postfix({}, { certificate: { names: ['implicit-mx.plain.example'] } }) },
    records: ({ mx }) => [`@ A ${mx.ip}`],
    expect: ok({ 'attempts.0.host': 'implicit-mx.plain.example' }),
  }),
  // RFC 2181 10.3 forbids it; senders follow it all the same.
  scenario('dns', 'mx-to-alias', {
    servers: {
      mx: postfix({}, { certificate: { names: ['mx.mx-to-alias.plain.example', 'real.mx-to-alias.plain.example'] } }),
    },
    records: ({ mx }) => ['@ MX 10 mx', 'mx CNAME real', `real A ${mx.ip}`],
    expect: ok({ attempts: /alias|CNAME/i }),
  }),
  scenario('dns', 'domain-is-alias', {
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ CNAME target', 'target MX 10 mx', `mx A ${mx.ip}`],
    expect: ok(),
  }),
  scenario('dns', 'one-mx-dangles', {
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 gone', '@ MX 20 mx', `mx A ${mx.ip}`],
    expect: degraded('DnsFailure', ['nxdomain', 'no-address'], 'dns', 'dns'),
  }),
  scenario('dns', 'mx-in-a-silent-zone', {
    records: () => ['@ MX 10 mx.silent.example.'],
    expect: failed('DnsFailure', 'timeout', 'dns', 'dns'),
  }),
  scenario('dns', 'one-mx-in-a-lame-zone', {
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx.lame.example.', '@ MX 20 mx', `mx A ${mx.ip}`],
    expect: degraded('DnsFailure', 'servfail', 'dns', 'dns'),
  }),
  // More than fits into one datagram: the answer has to be asked for again over TCP.
  scenario('dns', 'many-mx', {
    servers: { mx: postfix() },
    records: ({ mx }) => [
      '@ MX 10 mx',
      `mx A ${mx.ip}`,
      ...Array.from({ length: 15 }, (_, at) => `@ MX ${20 + at} backup-${at}-${LONG}`),
      ...Array.from({ length: 15 }, (_, at) => `backup-${at}-${LONG} A ${mx.ip}`),
    ],
    expect: ok({ 'mx.length': 16, 'attempts.length': 1 }),
  }),
  scenario('dns', 'internationalised', {
    servers: { mx: postfix({}, { certificate: { names: ['mx.internationalised.plain.example'] } }) },
    records: ({ mx }) => ['xn--bcher-kva MX 10 mx', `mx A ${mx.ip}`],
    args: ['bücher.{domain}'],
    expect: ok(),
  }),
  scenario('dns', 'resolver-refuses', {
    needs: ['routes'],
    env: { MAILMEDIC_DNS: NAMESPACE_PLAN.lame },
    expect: failed('DnsFailure', 'lookup-failed', 'dns', ['network', 'dns', 'sender']),
  }),
  scenario('dns', 'resolver-is-gone', {
    needs: ['routes'],
    env: { MAILMEDIC_DNS: VANISHING },
    expect: failed('DnsFailure', ['timeout', 'lookup-failed'], 'dns', ['network', 'dns', 'sender']),
  }),
  scenario('dns', 'mx-alias-loop', {
    records: () => ['@ MX 10 one', 'one CNAME two', 'two CNAME one'],
    expect: failed('DnsFailure', ['servfail', 'lookup-failed', 'no-address', 'nxdomain'], 'dns', 'dns'),
  }),
  // A resolver that knows MX and addresses and refuses TXT and TLSA: what it does not know must not count.
  scenario('dns', 'dnsmasq', {
    zone: 'office',
    servers: { mx: postfix() },
    expect: ok({ dnssec: ['insecure', 'unknown'] }),
  }),
  scenario('dns', 'dnsmasq-recipient', {
    zone: 'office',
    servers: { mx: postfix() },
    args: ['kim@{domain}'],
    expect: ok(),
  }),
  scenario('dns', 'dnsmasq-implicit-mx', {
    zone: 'office',
    servers: { mx: postfix({}, { certificate: { names: ['dnsmasq-implicit-mx.office.example'] } }) },
    records: ({ mx }) => [`@ A ${mx.ip}`],
    expect: ok(),
  }),
  scenario('dns', 'dnsmasq-mx-without-address', {
    zone: 'office',
    records: () => ['@ MX 10 mx'],
    expect: failed('DnsFailure', ['no-address', 'nxdomain', 'lookup-failed'], 'dns', ['dns', 'network']),
  }),
];
