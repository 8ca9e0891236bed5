import { NO_ROUTE_6, UNREACHABLE, VANISHING } from '../place.ts';
import { failed, type Scenario, scenario } from '../scenario.ts';
import { bye, drip, hangUp, mailScript, raw, reset, silence } from '../servers/scripts.ts';
import { exim, NOBODY, postfix, scripted } from '../servers/server.ts';

const submit = ['monitor@{domain}', '--depth', 'submit', '--chunking', 'data'];
const theirs = ['recipient', 'network'] as const;

/** Nobody answers, or the conversation stops. */
export const connect: Scenario[] = [
  scenario('connect', 'refused', {
    servers: { mx: NOBODY },
    expect: failed('UnableToConnect', 'refused', 'connect', theirs),
  }),
  scenario('connect', 'packets-vanish', {
    needs: ['routes'],
    records: () => ['@ MX 10 mx', `mx A ${VANISHING}`],
    expect: failed('UnableToConnect', 'timeout', 'connect', 'network'),
  }),
  scenario('connect', 'unreachable', {
    needs: ['routes'],
    records: () => ['@ MX 10 mx', `mx A ${UNREACHABLE}`],
    expect: failed('UnableToConnect', 'unreachable', 'connect', 'network'),
  }),
  scenario('connect', 'ipv6-without-route', {
    needs: ['routes'],
    records: () => ['@ MX 10 mx', `mx AAAA ${NO_ROUTE_6}`],
    expect: failed('UnableToConnect', 'unreachable', 'connect', 'network'),
  }),
  // Seed 000: the control target tells a blocked port from a dead peer.
  scenario('connect', 'port-25-blocked-here', {
    needs: ['routes'],
    env: { MAILMEDIC_PROBE_CONTROL: '198.51.100.67' },
    records: () => ['@ MX 10 mx', `mx A ${VANISHING}`],
    expect: failed('UnableToConnect', 'blocked-egress', 'connect', ['network', 'sender'], {
      'control.reachable': false,
    }),
  }),
  scenario('connect', 'control-answers', {
    needs: ['routes'],
    servers: { control: postfix() },
    env: { MAILMEDIC_PROBE_CONTROL: 'control.control-answers.plain.example' },
    records: ({ control }) => ['@ MX 10 mx', `mx A ${VANISHING}`, `control A ${control.ip}`],
    expect: failed('UnableToConnect', 'timeout', 'connect', 'network', { 'control.reachable': true }),
  }),
  scenario('connect', 'private-address', {
    records: () => ['@ MX 10 mx', 'mx A 10.20.30.40'],
    expect: failed('UnableToConnect', 'blocked-egress', 'connect', [
      'sender',
      'network',
      'recipient',
      'dns',
      'none',
      'unknown',
    ]),
  }),
  scenario('connect', 'silent-greeting', {
    servers: { mx: scripted(mailScript({ banner: silence })) },
    expect: failed('ProbeTimeout', 'banner', 'banner', theirs, { summary: /no greeting|no banner|greeting/i }),
  }),
  scenario('connect', 'hangs-at-ehlo', {
    servers: { mx: scripted(mailScript({ ehlo: silence })) },
    expect: failed('ProbeTimeout', 'ehlo', 'ehlo', theirs),
  }),
  scenario('connect', 'hangs-at-mail', {
    servers: { mx: scripted(mailScript({ mail: silence }), { certificate: {} }) },
    args: ['kim@{domain}', '--pipelining', 'off'],
    expect: failed('ProbeTimeout', 'mail', 'mail', theirs),
  }),
  scenario('connect', 'hangs-at-recipient', {
    servers: { mx: scripted(mailScript({ rcpt: silence }), { certificate: {} }) },
    args: ['kim@{domain}'],
    expect: failed('ProbeTimeout', 'rcpt', 'rcpt', theirs),
  }),
  scenario('connect', 'hangs-at-data', {
    servers: { mx: scripted(mailScript({ data: silence }), { certificate: {} }) },
    args: submit,
    expect: failed('ProbeTimeout', 'data', 'data', theirs, { summary: /Recipient OK/ }),
  }),
  // Seed 000: "250 Recipient OK" as the last reply points behind the front end.
  scenario('connect', 'silence-after-end-of-data', {
    servers: { mx: scripted(mailScript({ message: silence }), { certificate: {} }) },
    args: submit,
    expect: failed('ProbeTimeout', 'end-of-data', 'end-of-data', 'recipient', { summary: /behind/i }),
  }),
  scenario('connect', 'silence-after-bdat', {
    servers: { mx: scripted(mailScript({ message: silence }), { certificate: {} }) },
    args: ['monitor@{domain}', '--depth', 'submit', '--chunking', 'bdat'],
    expect: failed('ProbeTimeout', ['bdat', 'end-of-data'], ['bdat', 'end-of-data'], 'recipient', {
      summary: /Recipient OK/,
    }),
  }),
  scenario('connect', 'closes-before-greeting', {
    servers: { mx: scripted(mailScript({ banner: hangUp })) },
    expect: failed('ConnectionLost', 'closed-by-peer', 'banner', theirs),
  }),
  scenario('connect', 'resets-before-greeting', {
    servers: { mx: scripted(mailScript({ banner: reset })) },
    expect: failed('ConnectionLost', 'reset', 'banner', theirs),
  }),
  scenario('connect', 'resets-at-ehlo', {
    servers: { mx: scripted(mailScript({ ehlo: reset })) },
    expect: failed('ConnectionLost', 'reset', 'ehlo', theirs),
  }),
  scenario('connect', 'closes-at-recipient', {
    servers: { mx: scripted(mailScript({ rcpt: hangUp }), { certificate: {} }) },
    args: ['kim@{domain}'],
    expect: failed('ConnectionLost', ['closed-by-peer', 'reset'], 'rcpt', theirs),
  }),
  scenario('connect', 'closes-after-data', {
    servers: { mx: scripted(mailScript({ message: hangUp }), { certificate: {} }) },
    args: submit,
    expect: failed('ConnectionLost', 'closed-by-peer', 'end-of-data', theirs),
  }),
  scenario('connect', 'resets-after-data', {
    servers: { mx: scripted(mailScript({ message: reset })) },
    args: [...submit, '--tls', 'off'],
    expect: failed('ConnectionLost', 'reset', 'end-of-data', theirs),
  }),
  scenario('connect', 'says-goodbye-at-recipient', {
    servers: { mx: scripted(mailScript({ rcpt: bye('421 4.3.2 Service shutting down') }), { certificate: {} }) },
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'busy', 'rcpt', 'recipient'),
  }),
  // A tarpit: there is always one more line to come.
  scenario('connect', 'greeting-without-end', {
    servers: { mx: scripted(mailScript({ banner: drip('220-please wait\r\n', 700) })) },
    expect: failed('ProbeTimeout', 'banner', 'banner', theirs),
  }),
  scenario('connect', 'time-is-up', {
    servers: { mx: scripted(mailScript({ ehlo: silence })) },
    args: ['{domain}', '--timeout', '3'],
    expect: failed('ProbeTimeout', 'ehlo', 'ehlo', theirs),
  }),
  scenario('connect', 'tls-server-on-port-25', {
    servers: { mx: scripted(mailScript({ implicitTls: true }), { certificate: {} }) },
    expect: failed('ProbeTimeout', 'banner', 'banner', theirs),
  }),
  // Real servers that take their time: Postfix and Exim can be told to.
  scenario('connect', 'postfix-sleeps-at-greeting', {
    servers: { mx: postfix({ smtpd_delay_reject: 'no', smtpd_client_restrictions: 'sleep 30' }) },
    expect: failed('ProbeTimeout', 'banner', 'banner', theirs),
  }),
  scenario('connect', 'postfix-sleeps-at-recipient', {
    servers: { mx: postfix({ smtpd_recipient_restrictions: 'reject_unauth_destination, sleep 30' }) },
    args: ['kim@{domain}'],
    expect: failed('ProbeTimeout', 'rcpt', 'rcpt', theirs),
  }),
  scenario('connect', 'postfix-sleeps-at-end-of-data', {
    servers: { mx: postfix({ smtpd_end_of_data_restrictions: 'sleep 30' }) },
    args: submit,
    expect: failed('ProbeTimeout', 'end-of-data', 'end-of-data', 'recipient', { summary: /behind/i }),
  }),
  scenario('connect', 'exim-sleeps-after-bdat', {
    needs: ['users'],
    servers: { mx: exim({ data: ['  warn delay = 30s'] }) },
    args: ['monitor@{domain}', '--depth', 'submit', '--chunking', 'bdat'],
    expect: failed('ProbeTimeout', ['bdat', 'end-of-data'], ['bdat', 'end-of-data'], 'recipient'),
  }),
  scenario('connect', 'closes-after-greeting', {
    servers: { mx: scripted(mailScript({ banner: bye('220 mx.contoso.example ESMTP') })) },
    expect: failed('ConnectionLost', ['closed-by-peer', 'reset'], ['ehlo', 'banner'], theirs),
  }),
  scenario('connect', 'half-a-greeting', {
    servers: { mx: scripted(mailScript({ banner: raw('220 mx.conto') })) },
    expect: failed('ProbeTimeout', 'banner', 'banner', theirs),
  }),
  scenario('connect', 'half-an-ehlo-answer', {
    servers: { mx: scripted(mailScript({ ehlo: raw('250-mx.contoso.example\r\n250-SIZE\r\n') })) },
    expect: failed('ProbeTimeout', 'ehlo', 'ehlo', theirs),
  }),
  scenario('connect', 'silent-at-depth-connect', {
    servers: { mx: scripted(mailScript({ banner: silence })) },
    args: ['{domain}', '--depth', 'connect'],
    // Seed 000: "Port 25 connectivity: passed, uses 12.8 ms. Can't get remote side answer."
    expect: failed('ProbeTimeout', 'banner', 'banner', theirs, { summary: /connected in [\d.]+ ms/ }),
  }),
];
