import type { ErrorType, Owner } from '../src/vocabulary.ts';
import type { Span } from './card.ts';

/** The owner as a card names it. */
const OWNERS: Record<Owner, string> = {
  sender: 'sender',
  recipient: 'recipient',
  network: 'network',
  dns: 'DNS',
  service: 'the service (Microsoft)',
  none: 'nobody',
  unknown: 'not known yet',
};

const RETRIED = 'Senders queue the mail and retry; Exchange Online returns it after 24 h.';
const LATE = 'Senders retry: mail is late, not lost.';
const RETURNED = 'Senders get the mail back at once.';

/** What senders see while it is broken, by error type (RFC 5321 4.5.4.1: a sender retries what is not a 5xx reply). */
const SENDERS_SEE: Record<ErrorType, string> = {
  DnsFailure: 'Senders cannot find the server; they retry, then return the mail.',
  UnableToConnect: RETRIED,
  ConnectionLost: RETRIED,
  ProtocolError: 'Each sender reacts in its own way: some retry, some return the mail.',
  TlsNotOffered: 'Senders that require TLS fail; others still deliver.',
  TlsHandshakeFailure: 'Mail flows only from senders that fall back to plain text; those that require TLS fail.',
  CertificateFailure: 'Senders that require TLS fail; others still deliver.',
  AuthFailure: 'Mail that needs a login is refused.',
  AttributionFailure: 'Mail is refused until tenant and connector match.',
  ProxyDnsFailure: LATE,
  ServerBusy: LATE,
  ReplicationFailure: LATE,
  RecipientRejected: RETURNED,
  SenderRejected: 'Mail of this sender comes back; others still deliver.',
  ReputationBlock: 'Mail from the address that we probe from is refused; other senders may deliver.',
  PolicyRejected: 'Mail that breaks this policy is refused; other mail still goes through.',
  MailboxFull: 'Mail to this mailbox comes back or waits; other mailboxes are not affected.',
  MessageTooLarge: 'Messages over the limit come back; smaller ones go through.',
  RoutingFailure: 'Mail does not find its way and comes back.',
  MessageExpired: 'Retrying has ended: senders get the mail back.',
  ProbeTimeout: 'Senders wait, then retry: mail is late.',
  Unknown: "I don't know what senders see; the last reply settles it.",
};

/** Where the last reply says 4yz: the same fault, and the sender tries again. */
const PUT_OFF: Partial<Record<ErrorType, string>> = {
  AttributionFailure: LATE,
  SenderRejected: 'Mail of this sender is put off and retried; others still deliver.',
  ReputationBlock: 'Mail from the address that we probe from is put off; other senders may deliver.',
  PolicyRejected: 'Mail that breaks this policy is put off and retried; other mail still goes through.',
  MessageTooLarge: LATE,
  RoutingFailure: LATE,
};

const BY_CAUSE: Record<string, string> = {
  'DnsFailure nxdomain': RETURNED,
  'DnsFailure null-mx': `${RETURNED} The domain says that it takes no mail.`,
  'ProtocolError capability-masked':
    'Senders that require what is masked, mostly TLS, fail; others deliver without it.',
  'ProtocolError banner-mangled': 'Most senders deliver all the same; a device that does this often hides TLS too.',
  'UnableToConnect blocked-egress': 'Nothing got out of here, so this says nothing about what senders see.',
};

/** What senders see; `code` is the last reply's, which settles whether they retry. */
export function sendersSee(errorType: ErrorType, cause: string | null, code: string | null = null): string {
  const byCause = BY_CAUSE[`${errorType} ${cause}`];
  if (byCause !== undefined) return byCause;
  const general = SENDERS_SEE[errorType];
  if (code?.startsWith('4')) return PUT_OFF[errorType] ?? (general === RETURNED ? LATE : general);
  if (code?.startsWith('5') && (general === LATE || general === RETRIED)) return RETURNED;
  return general;
}

/** `Owner: recipient.` in bold, then what follows from it. */
export function ownerLine(owner: Owner, consequence: string): Span[] {
  return [
    { text: `Owner: ${OWNERS[owner]}.`, style: 'bold' },
    ...(consequence === '' ? [] : [{ text: ` ${consequence}` }]),
  ];
}
