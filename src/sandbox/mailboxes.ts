/** Mailboxes that every sandbox domain has: local part, and the reply to RCPT where it is not an acceptance. */
const MAILBOXES: Record<string, { what: string; reply?: string }> = {
  monitor: { what: 'takes mail' },
  // RFC 5321 section 4.5.1: every domain that takes mail has a postmaster.
  postmaster: { what: 'takes mail' },
  mailboxfull: {
    what: 'mailbox over its quota',
    reply: '552 5.2.2 mailbox full; the quota of {to} is used up [{host}]',
  },
  restricted: {
    what: 'group that takes mail only from inside',
    reply:
      '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; sender not authenticated for group [{host}]',
  },
};

/** What each mailbox that does not take mail shows, for help and completion; `nobody` stands for any unknown one. */
export const TROUBLED_MAILBOXES: readonly { localPart: string; what: string }[] = [
  ...Object.entries(MAILBOXES)
    .filter(([, mailbox]) => mailbox.reply !== undefined)
    .map(([localPart, { what }]) => ({ localPart, what })),
  { localPart: 'nobody', what: 'user unknown' },
];

/** The reply to RCPT for a local part, as a template. */
export function mailboxReply(localPart: string): string {
  const name = localPart.toLowerCase();
  const mailbox = Object.hasOwn(MAILBOXES, name) ? MAILBOXES[name] : undefined;
  if (mailbox === undefined) return '550 5.1.1 User unknown [{host}]';
  return mailbox.reply ?? '250 2.1.5 Recipient OK';
}
