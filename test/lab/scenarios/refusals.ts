import { failed, type Scenario, scenario } from '../scenario.ts';
import { bye, mailScript, type Turns } from '../servers/scripts.ts';
import { type ScriptedSpec, scripted } from '../servers/server.ts';

const overTls = (turns: Turns): { mx: ScriptedSpec } => ({ mx: scripted(mailScript(turns), { certificate: {} }) });
const kim = ['kim@{domain}'];
const submit = ['monitor@{domain}', '--depth', 'submit', '--chunking', 'data'];
const either = ['sender', 'recipient'] as const;
const LISTED = 'Service unavailable; blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/203.0.113.1';

/** No for good, or no for a reason that somebody has to mend: the words of services that the lab cannot have. */
export const refusals: Scenario[] = [
  scenario('refusals', 'not-in-tenant', {
    servers: overTls({
      rcpt: '550 5.4.1 Recipient address rejected: Access denied. [AM4PEPF00027A68.eurprd04.prod.outlook.com]',
    }),
    args: kim,
    expect: failed('RecipientRejected', ['not-in-tenant', 'unknown'], 'rcpt', either),
  }),
  scenario('refusals', 'tenant-attribution', {
    servers: overTls({
      rcpt: '550 5.7.64 TenantAttribution; Relay Access Denied [VE1EUR01FT003.eop-EUR01.prod.protection.outlook.com]',
    }),
    args: kim,
    expect: failed('AttributionFailure', ['attribution', 'connector-mismatch'], 'rcpt', [
      'sender',
      'recipient',
      'service',
    ]),
  }),
  scenario('refusals', 'banned-address', {
    servers: overTls({
      rcpt: '550 5.7.606 Access denied, banned sending IP [203.0.113.1]. To request removal from this list please visit https://sender.office.com/ (AS16012609)',
    }),
    args: kim,
    expect: failed('ReputationBlock', ['banned-ip', 'ip-reputation'], 'rcpt', 'sender'),
  }),
  scenario('refusals', 'spamhaus-at-exchange-online', {
    servers: overTls({
      rcpt: '550 5.7.1 Service unavailable, Client host [203.0.113.1] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/203.0.113.1 (AS16012611)',
    }),
    args: kim,
    expect: failed('ReputationBlock', ['listed-ip', 'ip-reputation'], 'rcpt', 'sender'),
  }),
  scenario('refusals', 'over-quota', {
    servers: overTls({ rcpt: '552 5.2.2 Mailbox full, user is over quota' }),
    args: kim,
    expect: failed('MailboxFull', 'quota', 'rcpt', 'recipient'),
  }),
  scenario('refusals', 'over-quota-for-now', {
    servers: overTls({ rcpt: '452 4.2.2 The email account that you tried to reach is over quota. gsmtp' }),
    args: kim,
    expect: failed('MailboxFull', 'quota', 'rcpt', 'recipient'),
  }),
  scenario('refusals', 'mailbox-disabled', {
    servers: overTls({ rcpt: '550 5.2.1 The email account that you tried to reach is disabled. gsmtp' }),
    args: kim,
    expect: failed('RecipientRejected', 'disabled', 'rcpt', either),
  }),
  scenario('refusals', 'size-after-data', {
    servers: overTls({ message: '552 5.3.4 Message size exceeds fixed maximum message size' }),
    args: submit,
    expect: failed('MessageTooLarge', 'size-limit', 'end-of-data', 'sender'),
  }),
  scenario('refusals', 'dmarc', {
    servers: overTls({
      message: "550 5.7.26 Unauthenticated email from contoso.example is not accepted due to domain's DMARC policy",
    }),
    args: submit,
    expect: failed('PolicyRejected', 'dmarc', 'end-of-data', 'sender'),
  }),
  scenario('refusals', 'mail-loop', {
    servers: overTls({ message: '554 5.4.14 Hop count exceeded - possible mail loop ATTR34' }),
    args: submit,
    expect: failed('RoutingFailure', 'loop', 'end-of-data', ['sender', 'recipient', 'service']),
  }),
  scenario('refusals', 'authentication-required', {
    servers: {
      mx: scripted(mailScript({ mail: '530 5.7.57 Client not authenticated to send mail.' }), {
        certificate: {},
        port: 587,
      }),
    },
    args: ['mx.{domain}:587', '--to', 'kim@{domain}'],
    expect: failed('AuthFailure', 'required', 'mail', 'sender'),
  }),
  scenario('refusals', 'no-mail-here', {
    servers: overTls({ rcpt: '556 5.1.10 Recipient address has null MX' }),
    args: kim,
    expect: failed('RecipientRejected', 'null-mx', 'rcpt', either),
  }),
  scenario('refusals', 'not-found-by-lookup', {
    servers: overTls({ rcpt: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup' }),
    args: kim,
    expect: failed('RecipientRejected', 'unknown', 'rcpt', either),
  }),
  scenario('refusals', 'members-only', {
    servers: overTls({
      rcpt: '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group',
    }),
    args: kim,
    expect: failed('RecipientRejected', 'restricted', 'rcpt', either),
  }),
  scenario('refusals', 'outlook-block', {
    servers: overTls({
      mail: "550 5.7.1 Unfortunately, messages from [203.0.113.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
    }),
    args: kim,
    expect: failed('ReputationBlock', ['ip-reputation', 'listed-ip', 'banned-ip'], 'mail', 'sender'),
  }),
  scenario('refusals', 'gmail-direct-to-mx', {
    servers: overTls({
      message:
        '550-5.7.1 [203.0.113.1] The IP you are using to send mail is not authorized to\r\n550-5.7.1 send email directly to our servers. Please use the SMTP relay at your\r\n550 5.7.1 service provider instead. - gsmtp',
    }),
    args: submit,
    expect: failed(
      ['ReputationBlock', 'PolicyRejected'],
      ['ip-reputation', 'listed-ip', 'low-reputation', 'policy'],
      'end-of-data',
      'sender',
    ),
  }),
  scenario('refusals', 'spf', {
    servers: overTls({ message: '550 5.7.23 The message was rejected because of Sender Policy Framework violation' }),
    args: submit,
    expect: failed('PolicyRejected', 'spf', 'end-of-data', 'sender'),
  }),
  scenario('refusals', 'sender-unknown', {
    servers: overTls({ mail: '553 5.1.8 <kim@contoso.example>: Sender address rejected: Domain not found' }),
    args: kim,
    expect: failed('SenderRejected', 'invalid', 'mail', 'sender'),
  }),
  scenario('refusals', 'no-valid-recipients', {
    servers: overTls({ data: '554 5.5.1 Error: no valid recipients' }),
    args: submit,
    expect: failed(['ProtocolError', 'RecipientRejected'], ['protocol', 'unknown'], 'data', ['sender', 'recipient']),
  }),
  scenario('refusals', 'without-words', {
    servers: overTls({ rcpt: '550' }),
    args: kim,
    expect: failed(['Unknown', 'RecipientRejected'], ['permanent', 'unknown'], 'rcpt', [
      'unknown',
      'recipient',
      'sender',
    ]),
  }),
  // The tenant's edge refuses at the greeting; that is no missing TLS.
  scenario('refusals', 'blocked-at-greeting-tls-required', {
    servers: { mx: scripted(mailScript({ banner: bye(`554 5.7.1 ${LISTED}`) })) },
    args: ['{domain}', '--tls', 'require'],
    expect: failed('ReputationBlock', ['listed-ip', 'ip-reputation'], 'banner', 'sender'),
  }),
  // RFC 7504.
  scenario('refusals', 'takes-no-mail', {
    servers: { mx: scripted(mailScript({ banner: '521 5.3.2 mx.contoso.example does not accept mail' })) },
    expect: failed('RecipientRejected', ['null-mx', 'misconfigured', 'disabled'], 'banner', 'recipient'),
  }),
  // RFC 5321 3.1.
  scenario('refusals', 'no-smtp-service-here', {
    servers: { mx: scripted(mailScript({ banner: '554 No SMTP service here' })) },
    expect: failed(
      ['RecipientRejected', 'PolicyRejected', 'Unknown'],
      ['null-mx', 'misconfigured', 'disabled', 'policy', 'permanent'],
      'banner',
      ['recipient', 'unknown'],
    ),
  }),
  scenario('refusals', 'no-ipv6', {
    servers: overTls({ rcpt: '550 5.7.510 Access denied, contoso.example does not accept email over IPv6' }),
    args: kim,
    expect: failed('PolicyRejected', 'ipv6-policy', 'rcpt', either),
  }),
  scenario('refusals', 'recipient-verify-callout', {
    servers: overTls({
      rcpt: '550-Callout verification failed:\r\n550 550 5.1.1 <kim@contoso.example>: Recipient address rejected: User unknown',
    }),
    args: kim,
    expect: failed('RecipientRejected', 'unknown', 'rcpt', either),
  }),
];
