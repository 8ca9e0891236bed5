import type { Cause, ErrorType, Owner } from '../../../vocabulary.ts';
import type { Rule } from '../rule.ts';
import * as F from './faults.ts';

interface Fault {
  errorType: ErrorType;
  cause: Cause;
  owner: Owner;
}

const REGISTRY = 'https://www.iana.org/assignments/smtp-enhanced-status-codes/smtp-enhanced-status-codes.xhtml';

/** Enhanced status codes of RFC 3463 and the IANA registry: what they mean where no text says more. */
const ROWS: readonly (readonly [enhanced: string, fault: Fault, confidence: number, meaning: string])[] = [
  ['x.1.0', F.UNKNOWN_RECIPIENT, 0.5, 'Something about an address was refused.'],
  ['x.1.1', F.UNKNOWN_RECIPIENT, 0.88, 'There is no such mailbox.'],
  ['x.1.2', F.NXDOMAIN, 0.8, "The recipient's domain or server does not exist."],
  ['x.1.3', F.BAD_ADDRESS, 0.85, "The recipient's address is not well formed."],
  ['x.1.4', F.UNKNOWN_RECIPIENT, 0.75, 'The address fits more than one mailbox.'],
  ['x.1.6', F.UNKNOWN_RECIPIENT, 0.85, 'The mailbox has moved and left no forwarding address.'],
  ['x.1.7', F.SENDER_INVALID, 0.85, "The sender's address is not well formed."],
  ['x.1.8', F.SENDER_INVALID, 0.8, "The sender's domain does not exist or takes no mail."],
  ['x.1.10', F.NULL_MX, 0.8, "The recipient's domain says that it takes no mail (null MX)."],
  ['x.2.0', F.DISABLED_RECIPIENT, 0.45, 'Something about the mailbox keeps mail out.'],
  ['x.2.1', F.DISABLED_RECIPIENT, 0.78, 'The mailbox exists but is switched off.'],
  ['x.2.2', F.QUOTA, 0.92, "The recipient's mailbox is full."],
  ['x.2.3', F.SIZE, 0.88, 'The message is larger than this recipient may get.'],
  ['x.2.4', F.MISCONFIGURED_RECIPIENT, 0.8, 'The mailing list could not be expanded.'],
  ['x.3.0', F.BUSY, 0.45, 'Something in the mail system of the recipient went wrong.'],
  ['x.3.1', F.RESOURCES, 0.88, 'The mail system of the recipient is out of storage.'],
  ['x.3.2', F.BUSY, 0.8, 'The mail system of the recipient takes no messages now.'],
  ['x.3.3', F.PROTOCOL, 0.6, 'The server cannot do what the message needs.'],
  ['x.3.4', F.SIZE, 0.92, 'The message is larger than the server takes.'],
  ['x.3.5', F.MISROUTED, 0.75, 'The mail system of the recipient is set up wrongly.'],
  ['x.4.0', F.NOT_CONNECTED, 0.45, 'Something about the network or the routing went wrong.'],
  ['x.4.1', F.TIMEOUT, 0.75, 'The server did not answer.'],
  ['x.4.2', F.RESET, 0.75, 'The connection broke.'],
  ['x.4.3', F.DNS_LOOKUP, 0.75, 'A directory or DNS server failed.'],
  ['x.4.4', F.NXDOMAIN, 0.75, 'The server found no way to the domain.'],
  ['x.4.5', F.BUSY, 0.75, 'The mail system of the recipient is congested.'],
  ['x.4.6', F.LOOP, 0.9, 'The message goes round in a circle between servers.'],
  ['x.4.7', F.EXPIRED, 0.85, 'The message grew too old in the queue; the last deferral tells why.'],
  ['x.5.0', F.PROTOCOL, 0.45, 'Something in the protocol went wrong.'],
  ['x.5.1', F.PROTOCOL, 0.75, 'A command was not accepted.'],
  ['x.5.2', F.PROTOCOL, 0.75, 'A command has a syntax error.'],
  ['x.5.3', F.RECIPIENTS, 0.85, 'The message has more recipients than the server takes at once.'],
  ['x.5.4', F.PROTOCOL, 0.75, 'A command has arguments that the server does not accept.'],
  ['x.5.5', F.PROTOCOL, 0.75, 'The two servers speak different versions of the protocol.'],
  ['x.5.6', F.PROTOCOL, 0.75, 'A line of the authentication exchange is too long.'],
  ['x.6.0', F.MALFORMED, 0.6, 'Something in the message cannot be carried.'],
  ['x.6.1', F.MALFORMED, 0.75, 'The server does not take this kind of content.'],
  ['x.6.2-5', F.MALFORMED, 0.75, 'The message would have to be converted, and that is not possible.'],
  ['x.6.6', F.MALFORMED, 0.75, 'The content of the message is not available.'],
  ['x.6.7-9', F.MALFORMED, 0.8, 'The addresses or headers need SMTPUTF8, and the server does not offer it.'],
  ['x.7.0', F.POLICY, 0.45, 'A security or policy rule refused the message.'],
  ['x.7.1', F.POLICY, 0.5, 'A policy rule refused the message; the text decides which.'],
  ['x.7.2', F.RESTRICTED_RECIPIENT, 0.85, 'The sender may not send to this list.'],
  ['x.7.3', F.AUTH_REJECTED, 0.6, 'A security conversion is required and not possible.'],
  ['x.7.4', F.AUTH_REQUIRED, 0.6, 'The server lacks a security feature that was asked for.'],
  ['x.7.5', F.CERTIFICATE, 0.7, 'Cryptography failed: a certificate or signature was not accepted.'],
  ['x.7.6', F.HANDSHAKE, 0.7, 'A cryptographic algorithm is not supported.'],
  ['x.7.7', F.MALFORMED, 0.7, 'The message was changed on its way.'],
  ['x.7.8', F.AUTH_REJECTED, 0.88, 'The server did not accept the name and password.'],
  ['x.7.9', F.AUTH_REJECTED, 0.8, 'The way of logging in is too weak for the server.'],
  ['x.7.10', F.STARTTLS_NEEDED, 0.85, 'The server takes mail only over TLS.'],
  ['x.7.11', F.AUTH_REQUIRED, 0.85, 'Logging in needs TLS first.'],
  ['x.7.12', F.AUTH_REJECTED, 0.75, 'The password has to be changed.'],
  ['x.7.13', F.DISABLED_RECIPIENT, 0.75, 'The account is disabled.'],
  ['x.7.14', F.AUTH_REJECTED, 0.75, 'The two servers lack a trust relationship.'],
  ['x.7.15', F.POLICY, 0.75, 'The priority of the message is too low.'],
  ['x.7.16', F.SIZE, 0.8, 'The message is too large for its priority.'],
  ['x.7.17', F.UNKNOWN_RECIPIENT, 0.8, 'The mailbox has another owner now.'],
  ['x.7.18', F.NULL_MX, 0.7, 'The domain has another owner now.'],
  ['x.7.19', F.POLICY, 0.7, 'The server cannot check who owns the mailbox.'],
  ['x.7.20-22', F.DKIM, 0.9, 'No acceptable DKIM signature was found.'],
  [
    'x.7.23-24',
    F.SPF,
    0.9,
    "The sending server is not in the SPF record of the sender's domain, or the record has an error.",
  ],
  ['x.7.25', F.PTR, 0.9, 'The address of the sending server has no matching name in reverse DNS.'],
  ['x.7.26', F.DMARC, 0.9, 'Several checks of the sender failed together.'],
  ['x.7.27', F.SENDER_INVALID, 0.85, "The sender's domain says that it takes no mail (null MX)."],
  ['x.7.28', F.THROTTLED, 0.88, 'The server sees a flood of mail from this sender.'],
  [
    'x.7.29',
    { errorType: 'PolicyRejected', cause: 'policy', owner: 'sender' },
    0.75,
    'The ARC chain of the message does not hold.',
  ],
  [
    'x.7.30',
    F.STARTTLS_MISSING,
    0.75,
    'The message asks for TLS all the way (REQUIRETLS), and the server does not offer it.',
  ],
];

const RULES: readonly Rule[] = ROWS.map(([enhanced, fault, confidence, meaning]) => ({
  id: `iana-${enhanced}`,
  enhanced,
  ...fault,
  confidence,
  meaning,
  source: REGISTRY,
  example: `550 ${enhanced.replace('x', '5').replace(/-\d+$/, '')} .`,
}));

/** From here on a code says more than words that name no reason ("rejected", "try again later"). */
const PRECISE = 0.8;

/** Codes that name one reason. */
export const CODES_IANA_PRECISE: readonly Rule[] = RULES.filter(({ confidence }) => confidence >= PRECISE);

/** Codes that name a field of reasons. */
export const CODES_IANA_BROAD: readonly Rule[] = RULES.filter(({ confidence }) => confidence < PRECISE);
