import type { Rule } from '../rule.ts';
import * as F from './faults.ts';

const NDRS =
  'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online';
const FLOW = 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence';

type Row = readonly [
  enhanced: string,
  fault: Pick<Rule, 'errorType' | 'cause' | 'owner'>,
  meaning: string,
  source?: string,
];

/** Codes with a three-digit detail are Microsoft's own and need no words. */
const DETAIL_CODES: readonly Row[] = [
  ['x.4.312', F.DNS_LOOKUP, 'The DNS lookup of the target or smart host failed.', FLOW],
  ['x.4.315', F.TIMEOUT, 'The target did not answer the connection.', FLOW],
  ['x.4.316', F.REFUSED, 'The target refused the connection.', FLOW],
  [
    'x.4.317',
    { ...F.HANDSHAKE, owner: 'recipient' },
    'The connection stood, but no session could be set up: TLS or the greeting failed.',
    FLOW,
  ],
  ['x.4.318', F.RESET, 'The target closed the connection in the middle of the session.', FLOW],
  ['x.4.310', F.NXDOMAIN, "The recipient's domain does not exist in DNS."],
  ['x.4.311', F.NXDOMAIN, "The recipient's domain does not exist in DNS."],
  ['x.4.300', F.EXPIRED, 'The message grew too old in the queue; the last deferral tells why.'],
  ['x.4.314', F.NOT_CONNECTED, 'The target could not be reached.', FLOW],
  ['x.4.319', F.NOT_CONNECTED, 'The target could not be reached.', FLOW],
  ['x.7.320', F.CERTIFICATE, 'The certificate of the target was not accepted.', FLOW],
  [
    'x.7.321',
    F.STARTTLS_MISSING,
    'The target does not offer STARTTLS, or TLS with it fails, though its DANE policy demands TLS.',
    'https://learn.microsoft.com/purview/how-smtp-dane-works',
  ],
  [
    'x.7.322',
    F.CERTIFICATE_EXPIRED,
    'The certificate of the target has expired.',
    'https://learn.microsoft.com/purview/how-smtp-dane-works',
  ],
  [
    'x.7.323',
    { errorType: 'CertificateFailure', cause: 'dane-mismatch', owner: 'recipient' },
    'The certificate of the target does not match its TLSA record.',
    'https://learn.microsoft.com/purview/how-smtp-dane-works',
  ],
  [
    'x.7.324',
    { errorType: 'DnsFailure', cause: 'dnssec', owner: 'dns' },
    'The DNSSEC signatures of the domain do not hold.',
    'https://learn.microsoft.com/purview/how-smtp-dane-works',
  ],
  [
    'x.7.325',
    F.NAME_MISMATCH,
    'The certificate of the target is for another name.',
    'https://learn.microsoft.com/purview/how-smtp-dane-works',
  ],
  [
    'x.7.230',
    { errorType: 'PolicyRejected', cause: 'outdated-server', owner: 'sender' },
    'The sending Exchange Server is out of date; Exchange Online slows it down and then blocks it.',
    'https://learn.microsoft.com/exchange/mail-flow-best-practices/out-of-date-servers',
  ],
  [
    '4.7.500-649',
    F.THROTTLED,
    'The sending address is throttled while suspicious activity is looked into.',
    'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-451-4-7-500-699-asxxx-in-exchange-online',
  ],
  [
    '4.7.650-651',
    { ...F.LOW_REPUTATION },
    'The sending address is slowed down because of its reputation.',
    'https://sendersupport.olc.protection.outlook.com/pm/troubleshooting.aspx',
  ],
  [
    '4.7.652',
    F.CONNECTIONS,
    'The sending server holds too many connections.',
    'https://sendersupport.olc.protection.outlook.com/pm/troubleshooting.aspx',
  ],
  ['4.7.653-699', F.THROTTLED, 'The sending address is throttled because its sending pattern changed.'],
  ['4.7.700', { ...F.BUSY, owner: 'service' }, 'A part of the service is busy.'],
  ['4.7.850-899', F.LOW_REPUTATION, 'The sending address is held back while it is evaluated.'],
  ['5.1.351', F.UNKNOWN_RECIPIENT, 'The target server says that there is no such recipient.'],
  [
    '5.2.121-122',
    F.THROTTLED,
    'The recipient gets more messages an hour than allowed.',
    'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#receiving-limits',
  ],
  [
    '5.3.190',
    { errorType: 'PolicyRejected', cause: 'policy', owner: 'recipient' },
    'Journaling to this address is not allowed.',
  ],
  ['5.7.120-132', F.RESTRICTED_RECIPIENT, "The sender is not in the recipient's list of allowed senders."],
  ['5.7.133-136', F.RESTRICTED_RECIPIENT, 'The recipient takes mail from inside the organization only.'],
  ['5.7.139', F.AUTH_DISABLED, 'Logging in this way is switched off for the tenant or mailbox.'],
  ['5.7.171', { ...F.POLICY, owner: 'sender' }, 'A data loss prevention rule blocked the message.'],
  ['5.7.193', F.RESTRICTED_RECIPIENT, 'The sender may not send to this group or team.'],
  ['5.7.232-233', F.THROTTLED, 'The tenant has reached its limit of outside recipients.'],
  ['5.7.236', F.THROTTLED, 'The tenant has reached its limit of outside recipients.'],
  ['5.7.367', F.RELAY, 'The target server does not relay for this domain.'],
  ['5.7.501-503', F.SENDER_BLOCKED, 'The account was banned because it sent spam.'],
  ['5.7.504-505', F.UNKNOWN_RECIPIENT, 'The recipient address is not accepted.'],
  ['5.7.506', F.PROTOCOL, 'The sending server greets with the name of the target (bad HELO).'],
  ['5.7.507', { ...F.REPUTATION, owner: 'recipient' }, "The recipient's organization blocks the sending address."],
  [
    '5.7.508',
    F.THROTTLED,
    'Too many messages come from this IPv6 range.',
    'https://learn.microsoft.com/defender-office-365/mail-flow-inbound-mail-anonymous-ipv6',
  ],
  ['5.7.509', F.DMARC, "The message fails the sender domain's DMARC policy, which is reject."],
  [
    '5.7.510',
    { errorType: 'PolicyRejected', cause: 'ipv6-policy', owner: 'sender' },
    'The recipient takes no mail over IPv6.',
    'https://learn.microsoft.com/defender-office-365/mail-flow-inbound-mail-anonymous-ipv6',
  ],
  [
    '5.7.511',
    { errorType: 'ReputationBlock', cause: 'banned-ip', owner: 'sender' },
    'The sending address is banned and the delist portal cannot lift it: write to delist@microsoft.com.',
  ],
  ['5.7.512', F.MALFORMED, 'The message has no valid From header.'],
  [
    '5.7.513',
    { ...F.REPUTATION, owner: 'recipient' },
    "The recipient's organization has put the sender on its own block list.",
  ],
  ['5.7.515', F.DMARC, 'Mass senders to Outlook.com must pass SPF, DKIM and DMARC.'],
  [
    '5.7.520',
    { errorType: 'PolicyRejected', cause: 'forwarding-blocked', owner: 'sender' },
    'The organization does not allow automatic forwarding to outside addresses.',
  ],
  [
    '5.7.606-649',
    { errorType: 'ReputationBlock', cause: 'banned-ip', owner: 'sender' },
    'Microsoft has banned the sending address; the delist portal can lift it.',
  ],
  ['5.7.703', { ...F.POLICY, owner: 'sender' }, "The sending tenant's own allow/block list blocks this recipient."],
  ['5.7.700-749', F.TENANT_BLOCKED, 'The sending tenant may not send because of suspicious traffic.'],
  ['5.7.750', F.TENANT_BLOCKED, 'The sending tenant sends from domains that are not registered in it.'],
  ['5.7.800', F.SENDER_BLOCKED, 'The domain of the sender or of the sending server is banned.'],
  [
    '5.7.900-999',
    F.POLICY,
    'A mail flow rule of the organization refused the message.',
    'https://learn.microsoft.com/exchange/security-and-compliance/mail-flow-rules/mail-flow-rules',
  ],
];

/** Codes that mean something else elsewhere: only where Exchange Online speaks. */
const OWN_CODES: readonly Row[] = [
  ['x.1.1', F.UNKNOWN_RECIPIENT, 'There is no such recipient.'],
  ['5.1.10', F.UNKNOWN_RECIPIENT, 'There is no such recipient in the organization.'],
  ['5.1.20', F.MALFORMED, 'The message has several From addresses and no Sender.'],
  ['5.1.90', F.THROTTLED, 'The sender has reached the limit of recipients per day.'],
  ['5.1.8', F.SENDER_BLOCKED, 'The account may not send any more because it sent spam.'],
  ['5.4.1', { ...F.RELAY }, 'The domain is not accepted here.'],
  [
    'x.4.8',
    { errorType: 'CertificateFailure', cause: 'mta-sts-mismatch', owner: 'recipient' },
    "The server is not one that the domain's MTA-STS policy names.",
    'https://learn.microsoft.com/purview/enhancing-mail-flow-with-mta-sts',
  ],
  ['5.4.14', F.LOOP, 'The message goes round in a circle between servers.'],
  ['5.5.0', F.UNKNOWN_RECIPIENT, 'The consumer mailbox is not available.'],
  ['5.6.11', F.MALFORMED, 'The message contains bare line feeds.'],
  ['5.7.12-13', F.RESTRICTED_RECIPIENT, 'The recipient takes mail from inside the organization only.'],
  ['x.7.25', F.PTR, 'The IPv6 address of the sending server has no name in reverse DNS.'],
  ['x.7.26', F.DMARC, 'Mail over IPv6 must pass SPF or DKIM.'],
  ['5.7.30', F.AUTH_DISABLED, 'Basic authentication for sending is retired.'],
  [
    '5.7.51',
    { errorType: 'AttributionFailure', cause: 'connector-mismatch', owner: 'sender' },
    "The sending server does not meet the restriction of the tenant's partner connector.",
  ],
  ['5.7.57', F.AUTH_REQUIRED, 'The client did not log in.'],
  [
    '5.7.64',
    { errorType: 'AttributionFailure', cause: 'attribution', owner: 'sender' },
    'No inbound connector matches the sending server.',
  ],
];

function toRule([enhanced, fault, meaning, source]: Row, issuer?: string): Rule {
  const code = enhanced.replace('x', '5').replace(/-\d+$/, '');
  return {
    id: `exo-${issuer === undefined ? '' : 'own-'}${enhanced}`,
    enhanced,
    ...fault,
    ...(issuer === undefined ? {} : { issuer }),
    confidence: issuer === undefined ? 0.93 : 0.9,
    meaning,
    source: source ?? NDRS,
    example: `${code.startsWith('4') ? '450' : '550'} ${code} .${issuer === undefined ? '' : ' [AM6PEPF0002B1C4.eurprd02.prod.outlook.com]'}`,
  };
}

/** Unmistakable codes, before the text rules. */
export const EXCHANGE_ONLINE_DETAIL: readonly Rule[] = DETAIL_CODES.map((row) => toRule(row));

/** Ambiguous codes, after the text rules. */
export const EXCHANGE_ONLINE_OWN: readonly Rule[] = OWN_CODES.map((row) => toRule(row, 'exchange-online'));
