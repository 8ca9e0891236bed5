import type { Place } from '../place.ts';
import { VANISHING } from '../place.ts';
import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { bye, mailScript, silence } from '../servers/scripts.ts';
import { NOBODY, postfix, type ServerSpec, scripted } from '../servers/server.ts';

const all = ['{domain}', '--all'];
const theirs = ['recipient', 'network'] as const;
/** Two addresses of one MX host. */
const oneHost = ({ good, bad }: Record<'good' | 'bad', Place>): string[] => [
  '@ MX 10 mx',
  `mx A ${good.ip}`,
  `mx A ${bad.ip}`,
];
const two = (name: string, bad: ServerSpec, expect: Scenario['expect'], args = all): Scenario => {
  const certificate = { names: [`mx.${name}.plain.example`] };
  return scenario('addresses', name, {
    servers: { good: postfix({}, { certificate }), bad },
    records: oneHost,
    args,
    expect,
  });
};
const named = (name: string) => ({ names: [`mx.${name}.plain.example`] });

/** Several addresses: mail flows as long as one works, and senders see intermittent trouble (seed 004). */
export const addresses: Scenario[] = [
  two('two-good', postfix({}, { certificate: named('two-good') }), ok({ 'attempts.length': 2 })),
  two(
    'one-of-two-refuses',
    NOBODY,
    degraded('UnableToConnect', 'refused', 'connect', theirs, { 'attempts.length': 2, summary: /1 of 2/ }),
  ),
  two(
    'one-of-two-is-silent',
    scripted(mailScript({ banner: silence })),
    degraded('ProbeTimeout', 'banner', 'banner', theirs),
  ),
  two(
    'one-of-two-is-busy',
    scripted(mailScript({ banner: bye('421 4.3.2 Service not available') })),
    degraded('ServerBusy', 'busy', 'banner', 'recipient'),
  ),
  two(
    'one-of-two-expired',
    postfix({}, { certificate: { ...named('one-of-two-expired'), fromDays: -90, toDays: -3 } }),
    degraded('CertificateFailure', 'expired', 'certificate', 'recipient'),
  ),
  two(
    'one-of-two-expired-required',
    postfix({}, { certificate: { ...named('one-of-two-expired-required'), fromDays: -90, toDays: -3 } }),
    degraded('CertificateFailure', 'expired', 'certificate', 'recipient'),
    [...all, '--tls', 'require'],
  ),
  two(
    'one-of-two-without-tls',
    postfix({ smtpd_tls_security_level: 'none' }),
    degraded('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient'),
  ),
  // A sender returns the message at the first permanent refusal; it does not try the next address (RFC 5321 4.2.1).
  two(
    'one-of-two-does-not-know-the-mailbox',
    postfix(
      { relay_recipient_maps: 'inline:{ {nobody@contoso.example = OK} }' },
      { certificate: named('one-of-two-does-not-know-the-mailbox') },
    ),
    {
      ...failed('RecipientRejected', 'unknown', 'rcpt', ['sender', 'recipient']),
      verdict: ['failed', 'degraded'],
    },
    ['kim@{domain}', '--all'],
  ),
  scenario('addresses', 'one-of-two-vanishes', {
    needs: ['routes'],
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `mx A ${VANISHING}`],
    args: all,
    expect: degraded('UnableToConnect', 'timeout', 'connect', 'network', { 'attempts.length': 2 }),
  }),
  scenario('addresses', 'ipv6-refuses-ipv4-works', {
    needs: ['ipv6'],
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `mx AAAA ${mx.ip6}`],
    args: all,
    expect: degraded('UnableToConnect', 'refused', 'connect', theirs, { summary: /IPv6/ }),
  }),
  scenario('addresses', 'backup-works', {
    servers: { first: NOBODY, backup: postfix() },
    records: ({ first, backup }) => ['@ MX 10 first', '@ MX 20 backup', `first A ${first.ip}`, `backup A ${backup.ip}`],
    expect: degraded('UnableToConnect', 'refused', 'connect', theirs, { 'mx.length': 2, 'attempts.length': 2 }),
  }),
  scenario('addresses', 'backup-refuses', {
    servers: { first: postfix(), backup: NOBODY },
    records: ({ first, backup }) => ['@ MX 10 first', '@ MX 20 backup', `first A ${first.ip}`, `backup A ${backup.ip}`],
    args: all,
    expect: degraded('UnableToConnect', 'refused', 'connect', theirs),
  }),
  // Without --all the first that a sender would use is enough.
  scenario('addresses', 'backup-not-asked', {
    servers: { first: postfix(), backup: NOBODY },
    records: ({ first, backup }) => ['@ MX 10 first', '@ MX 20 backup', `first A ${first.ip}`, `backup A ${backup.ip}`],
    expect: ok({ 'attempts.length': 1, 'attempts.0.host': /^first\./ }),
  }),
  scenario('addresses', 'all-refuse', {
    servers: { first: NOBODY, second: NOBODY },
    expect: failed('UnableToConnect', 'refused', 'connect', theirs, { 'attempts.length': 2 }),
  }),
  // Seed 002: some connections fail, and the name in the banner tells which.
  scenario('addresses', 'every-other-connection-fails', {
    servers: { mx: scripted(flapping) },
    args: ['{domain}', '--tls', 'off', '--repeat', '6'],
    expect: degraded('ServerBusy', ['busy', 'insufficient-resources'], 'ehlo', 'recipient', {
      'rounds.total': 6,
      'rounds.failed': 3,
    }),
  }),
  scenario('addresses', 'one-front-end-fails', {
    servers: { mx: scripted(flapping) },
    args: ['{domain}', '--tls', 'off', '--repeat', '12'],
    expect: degraded('ServerBusy', ['busy', 'insufficient-resources'], 'ehlo', 'recipient', {
      'rounds.total': 12,
      'rounds.failed': 6,
      'correlation.what': 'server name',
      'correlation.value': /front2/,
    }),
  }),
  scenario('addresses', 'all-fail-each-its-way', {
    servers: { first: NOBODY, second: scripted(mailScript({ banner: bye('421 4.3.2 Service not available') })) },
    records: ({ first, second }) => ['@ MX 10 first', '@ MX 20 second', `first A ${first.ip}`, `second A ${second.ip}`],
    expect: failed(['UnableToConnect', 'ServerBusy'], ['refused', 'busy'], ['connect', 'banner'], theirs, {
      'attempts.length': 2,
    }),
  }),
];

function flapping(place: Place) {
  const good = mailScript({ banner: '220 front1.contoso.example ESMTP' })(place);
  const bad = mailScript({
    banner: '220 front2.contoso.example ESMTP',
    ehlo: bye('421 4.3.2 System not accepting network messages'),
  })(place);
  let connections = 0;
  return (peer: Parameters<typeof good>[0]) => {
    connections += 1;
    return connections % 2 === 0 ? bad(peer) : good(peer);
  };
}
