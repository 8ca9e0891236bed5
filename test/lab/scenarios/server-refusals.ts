import { failed, type Scenario, scenario } from '../scenario.ts';
import { exim, postfix } from '../servers/server.ts';

const kim = ['kim@{domain}'];
const submit = ['monitor@{domain}', '--depth', 'submit', '--chunking', 'data'];
const either = ['sender', 'recipient'] as const;
const LISTED = 'Service unavailable; blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/203.0.113.1';

/** No from real servers, which are set up to say so. */
export const serverRefusals: Scenario[] = [
  scenario('refusals', 'postfix-unknown-user', {
    servers: { mx: postfix() },
    args: ['stranger@{domain}'],
    expect: failed('RecipientRejected', 'unknown', 'rcpt', either),
  }),
  scenario('refusals', 'postfix-relay-denied', {
    servers: { mx: postfix({}, { relays: false }) },
    args: kim,
    expect: failed('PolicyRejected', 'relay-denied', 'rcpt', either),
  }),
  scenario('refusals', 'exim-relay-denied', {
    needs: ['users'],
    servers: { mx: exim({ rcpt: ['  deny message = relay not permitted'] }) },
    args: kim,
    expect: failed('PolicyRejected', 'relay-denied', 'rcpt', either),
  }),
  scenario('refusals', 'postfix-listed-at-greeting', {
    servers: {
      mx: postfix({
        smtpd_delay_reject: 'no',
        smtpd_client_restrictions: `check_client_access static:{554 5.7.1 ${LISTED}}`,
      }),
    },
    expect: failed('ReputationBlock', ['listed-ip', 'ip-reputation'], 'banner', 'sender'),
  }),
  scenario('refusals', 'postfix-listed-at-recipient', {
    servers: { mx: postfix({ smtpd_client_restrictions: `check_client_access static:{554 5.7.1 ${LISTED}}` }) },
    args: kim,
    expect: failed('ReputationBlock', ['listed-ip', 'ip-reputation'], 'rcpt', 'sender'),
  }),
  scenario('refusals', 'postfix-client-rejected', {
    servers: { mx: postfix({ smtpd_delay_reject: 'no', smtpd_client_restrictions: 'reject' }) },
    expect: failed(['ReputationBlock', 'PolicyRejected'], ['ip-reputation', 'banned-ip', 'policy'], 'banner', either),
  }),
  scenario('refusals', 'postfix-no-reverse-name', {
    servers: { mx: postfix({ smtpd_client_restrictions: 'reject_unknown_client_hostname' }) },
    args: kim,
    expect: failed('PolicyRejected', 'ptr-missing', 'rcpt', 'sender'),
  }),
  scenario('refusals', 'postfix-sender-domain', {
    needs: ['users'],
    servers: { mx: postfix({ smtpd_sender_restrictions: 'reject_unknown_sender_domain' }) },
    args: [...kim, '--from', 'lee@nowhere.plain.example'],
    expect: failed('SenderRejected', 'invalid', 'rcpt', 'sender'),
  }),
  scenario('refusals', 'postfix-wants-starttls', {
    servers: { mx: postfix({ smtpd_tls_security_level: 'encrypt' }) },
    args: [...kim, '--tls', 'off'],
    expect: failed('TlsNotOffered', ['starttls-missing', 'starttls-refused'], 'mail', 'sender'),
  }),
  scenario('refusals', 'postfix-size', {
    servers: { mx: postfix({ message_size_limit: '120' }) },
    args: submit,
    expect: failed('MessageTooLarge', 'size-limit', ['mail', 'data', 'end-of-data'], either),
  }),
  scenario('refusals', 'exim-spam', {
    needs: ['users'],
    servers: { mx: exim({ data: ['  deny message = This message was classified as spam'] }) },
    args: submit,
    expect: failed('PolicyRejected', 'content', 'end-of-data', 'sender'),
  }),
  scenario('refusals', 'opensmtpd-unknown-domain', {
    needs: ['users'],
    servers: { mx: { kind: 'opensmtpd' } },
    args: ['{domain}', '--to', 'kim@elsewhere.example', '--tls', 'off'],
    expect: failed(['RecipientRejected', 'PolicyRejected'], ['unknown', 'relay-denied', 'policy'], 'rcpt', either),
  }),
  scenario('refusals', 'exim-helo-refused', {
    needs: ['users'],
    servers: { mx: exim({ main: ['acl_smtp_helo = deny message = Access denied - Invalid HELO name'] }) },
    expect: failed(['PolicyRejected', 'ProtocolError'], ['policy', 'protocol'], 'ehlo', either),
  }),
  scenario('refusals', 'postfix-relay-denied-for-now', {
    servers: {
      mx: postfix({ smtpd_recipient_restrictions: 'defer_unauth_destination' }, { relays: false }),
    },
    args: kim,
    expect: failed('PolicyRejected', 'relay-denied', 'rcpt', either),
  }),
  scenario('refusals', 'postfix-helo-unknown', {
    needs: ['users'],
    servers: { mx: postfix({ smtpd_helo_restrictions: 'reject_unknown_helo_hostname' }) },
    args: [...kim, '--helo', 'nobody.plain.example'],
    expect: failed(['PolicyRejected', 'ProtocolError'], ['policy', 'ptr-missing', 'protocol'], 'rcpt', either),
  }),
  scenario('refusals', 'exim-size', {
    needs: ['users'],
    servers: { mx: exim({ main: ['message_size_limit = 100'] }) },
    args: submit,
    expect: failed('MessageTooLarge', 'size-limit', ['mail', 'data', 'end-of-data'], either),
  }),
  scenario('refusals', 'exim-unrouteable', {
    needs: ['users'],
    servers: { mx: exim({ rcpt: ['  deny message = Unrouteable address'] }) },
    args: kim,
    expect: failed(['RecipientRejected', 'RoutingFailure'], ['unknown', 'no-route', 'misconfigured'], 'rcpt', either),
  }),
  scenario('refusals', 'exim-sender-verify', {
    needs: ['users'],
    servers: { mx: exim({ rcpt: ['  require verify = sender'] }) },
    args: [...kim, '--from', 'lee@contoso.example'],
    expect: failed('SenderRejected', 'invalid', 'rcpt', 'sender'),
  }),
];
