import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { GREYLIST_PORTS } from '../servers/policy-service.ts';
import { bye, mailScript, type Turns } from '../servers/scripts.ts';
import { exim, postfix, type ScriptedSpec, scripted } from '../servers/server.ts';

/** Exim's way to be true once: the file is not there, and then it is. */
const ONCE = `  defer condition = \${if exists{$spool_directory/seen}{no}{\${run{/usr/bin/touch $spool_directory/seen}{yes}{yes}}}}`;

const overTls = (turns: Turns): { mx: ScriptedSpec } => ({ mx: scripted(mailScript(turns), { certificate: {} }) });
const submit = ['monitor@{domain}', '--depth', 'submit'];
const eop = '[VE1EUR01FT003.eop-EUR01.prod.protection.outlook.com]';

/** Come back later: the words of Exchange, Exchange Online and Postfix, and Postfix and Exim saying it themselves. */
export const busy: Scenario[] = [
  scenario('busy', 'shutting-down', {
    servers: {
      mx: scripted(mailScript({ banner: bye('421 4.3.2 Service not available, closing transmission channel') })),
    },
    expect: failed('ServerBusy', 'busy', 'banner', 'recipient'),
  }),
  scenario('busy', 'too-many-connections', {
    servers: {
      mx: scripted(mailScript({ banner: bye('421 4.7.0 mx Error: too many connections from 203.0.113.1') })),
    },
    expect: failed('ServerBusy', 'too-many-connections', 'banner', ['sender', 'recipient']),
  }),
  scenario('busy', 'exim-full', {
    needs: ['users'],
    servers: { mx: exim({ main: ['smtp_accept_max = 1'], occupied: true }) },
    expect: failed('ServerBusy', ['too-many-connections', 'busy'], 'banner', ['sender', 'recipient']),
  }),
  scenario('busy', 'busy-at-ehlo', {
    servers: { mx: scripted(mailScript({ ehlo: bye('421 4.3.2 System is too busy, try again later') })) },
    expect: failed('ServerBusy', 'busy', 'ehlo', 'recipient'),
  }),
  scenario('busy', 'busy-at-starttls', {
    servers: overTls({ starttls: bye('421 4.3.2 Service not available, closing transmission channel') }),
    expect: { ...failed('ServerBusy', 'busy', 'starttls', 'recipient'), verdict: ['failed', 'degraded'] },
  }),
  scenario('busy', 'throttled', {
    servers: overTls({ mail: `451 4.7.500 Server busy. Please try again later from [203.0.113.1]. (S77719) ${eop}` }),
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'throttled', 'mail', ['sender', 'service']),
  }),
  scenario('busy', 'insufficient-resources', {
    servers: overTls({ mail: '452 4.3.1 Insufficient system resources (UsedDiskSpace[C:\\Exchange\\Queue])' }),
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'insufficient-resources', 'mail', 'recipient'),
  }),
  scenario('busy', 'postfix-disk-full', {
    servers: { mx: postfix({ queue_minfree: '9000000000000000', message_size_limit: '1000000000000' }) },
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'insufficient-resources', 'mail', 'recipient'),
  }),
  scenario('busy', 'too-many-recipients', {
    servers: overTls({ rcpt: '452 4.5.3 Too many recipients' }),
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'too-many-recipients', 'rcpt', ['sender', 'recipient']),
  }),
  scenario('busy', 'postfix-greylist-passes', {
    servers: {
      mx: postfix({
        smtpd_recipient_restrictions: `reject_unauth_destination, check_policy_service inet:{policy}:${GREYLIST_PORTS.passesSoon}`,
      }),
    },
    args: ['kim@{domain}'],
    expect: ok({ 'attempts.0.notes': /greylist/i }),
  }),
  scenario('busy', 'postfix-greylist-submit', {
    servers: {
      mx: postfix({
        smtpd_recipient_restrictions: `reject_unauth_destination, check_policy_service inet:{policy}:${GREYLIST_PORTS.passesSoon}`,
      }),
    },
    args: submit,
    expect: ok({ 'attempts.0.notes': /greylist/i, 'attempts.0.timingsMs.data': /\d/ }),
  }),
  scenario('busy', 'postfix-greylist-stays', {
    servers: {
      mx: postfix({
        smtpd_recipient_restrictions: `reject_unauth_destination, check_policy_service inet:{policy}:${GREYLIST_PORTS.neverPasses}`,
      }),
    },
    args: ['kim@{domain}'],
    expect: degraded('ServerBusy', 'greylisted', 'rcpt', ['none', 'recipient', 'sender']),
  }),
  scenario('busy', 'exim-greylist', {
    needs: ['users'],
    servers: { mx: exim({ rcpt: ['  defer message = Greylisted, please try again in 300 seconds'] }) },
    args: ['kim@{domain}'],
    expect: degraded('ServerBusy', 'greylisted', 'rcpt', ['none', 'recipient', 'sender']),
  }),
  scenario('busy', 'proxy-fails-after-bdat', {
    servers: overTls({ message: `451 4.7.0 Temporary server error. Please try again later. PRX2 ${eop}` }),
    args: [...submit, '--chunking', 'bdat'],
    expect: failed('ProxyDnsFailure', 'proxy', 'bdat', 'service'),
  }),
  scenario('busy', 'proxy-fails-after-data', {
    servers: overTls({ message: `451 4.7.0 Temporary server error. Please try again later. PRX2 ${eop}` }),
    args: [...submit, '--chunking', 'data'],
    expect: failed('ProxyDnsFailure', 'proxy', 'end-of-data', 'service'),
  }),
  scenario('busy', 'shadow-copy', {
    servers: overTls({
      message: `451 4.4.28 Message failed to be replicated: no healthy secondary server available to accept replica at this time ${eop}`,
    }),
    args: [...submit, '--chunking', 'data'],
    expect: failed('ReplicationFailure', 'shadow-copy', 'end-of-data', 'service'),
  }),
  scenario('busy', 'shadow-copy-after-bdat', {
    servers: overTls({ message: `451 4.4.24 Message failed to be replicated: insufficient system resources ${eop}` }),
    args: [...submit, '--chunking', 'bdat'],
    expect: failed('ReplicationFailure', 'shadow-copy', ['bdat', 'end-of-data'], 'service'),
  }),
  scenario('busy', 'tenant-not-found', {
    servers: overTls({ rcpt: `451 4.3.2 Temporary server error. Please try again later ATTR17 ${eop}` }),
    args: ['kim@{domain}'],
    expect: failed('AttributionFailure', 'attribution', 'rcpt', 'service'),
  }),
  scenario('busy', 'hub-busy', {
    servers: overTls({ message: bye('421 4.3.2 Service not active') }),
    args: [...submit, '--chunking', 'data'],
    expect: failed('ServerBusy', 'busy', 'end-of-data', ['recipient', 'service']),
  }),
  scenario('busy', 'yahoo-deferred', {
    servers: overTls({
      mail: '421 4.7.0 [TSS04] Messages from 203.0.113.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes',
    }),
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'throttled', 'mail', 'sender'),
  }),
  scenario('busy', 'outlook-rate-limit', {
    servers: overTls({
      mail: '421 RP-001 (DM3NAM02FT041) Unfortunately, some messages from 203.0.113.1 were not sent. Please try again. We have limits for how many messages can be sent per hour and per day.',
    }),
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'throttled', 'mail', 'sender'),
  }),
  scenario('busy', 'thread-limit', {
    servers: overTls({
      message: '432 4.3.2 Concurrent connections limit exceeded; STOREDRV.Deliver; recipient thread limit exceeded',
    }),
    args: [...submit, '--chunking', 'data'],
    expect: failed('ServerBusy', ['throttled', 'busy', 'too-many-connections'], 'end-of-data', [
      'recipient',
      'service',
      'sender',
    ]),
  }),
  scenario('busy', 'mailbox-unavailable-for-now', {
    servers: overTls({ rcpt: '450 4.2.1 The mailbox is temporarily unavailable' }),
    args: ['kim@{domain}'],
    expect: failed(['RecipientRejected', 'ServerBusy', 'Unknown'], ['disabled', 'busy', 'transient'], 'rcpt', [
      'recipient',
      'unknown',
    ]),
  }),
  scenario('busy', 'greylisted-after-data', {
    servers: overTls({ message: '451 4.7.1 Greylisting in action, please come back in 00:04:59' }),
    args: [...submit, '--chunking', 'data'],
    expect: degraded('ServerBusy', 'greylisted', 'end-of-data', ['none', 'recipient', 'sender']),
  }),
  scenario('busy', 'throttled-at-starttls', {
    servers: overTls({ starttls: '421 4.7.0 Too many connections, try again later' }),
    args: ['{domain}'],
    expect: {
      ...failed('ServerBusy', ['too-many-connections', 'throttled', 'busy'], 'starttls', ['sender', 'recipient']),
      verdict: ['failed', 'degraded'],
    },
  }),
  scenario('busy', 'too-busy-tls-required', {
    servers: { mx: scripted(mailScript({ banner: bye('421 4.3.2 Service not available') })) },
    args: ['{domain}', '--tls', 'require'],
    expect: failed('ServerBusy', 'busy', 'banner', 'recipient'),
  }),
  scenario('busy', 'postfix-too-many-connections', {
    servers: { mx: postfix({ smtpd_client_connection_rate_limit: '1', smtpd_client_event_limit_exceptions: '' }) },
    args: ['kim@{domain}', '--repeat', '3'],
    expect: degraded('ServerBusy', ['too-many-connections', 'throttled'], 'banner', ['sender', 'recipient'], {
      'rounds.failed': 2,
    }),
  }),
  scenario('busy', 'exim-rate-limit', {
    needs: ['users'],
    servers: { mx: exim({ rcpt: ['  defer message = Sender rate overlimit - 12.3 / 1h'] }) },
    args: ['kim@{domain}'],
    expect: failed('ServerBusy', 'throttled', 'rcpt', ['sender', 'recipient']),
  }),
  // The default wait of a probe is longer than this server asks for.
  scenario('busy', 'exim-greylist-passes', {
    needs: ['users'],
    servers: {
      mx: exim({
        rcpt: [ONCE, '        message = Greylisted, please try again in 2 seconds'],
      }),
    },
    args: ['kim@{domain}'],
    expect: ok({ 'attempts.0.notes': /greylist/i }),
  }),
];
