import { article } from '../article.ts';

const MEANING = "The recipient's mailbox has reached its quota.";

/** What to do about MailboxFull. */
export const MAILBOX_FULL = article({
  errorType: 'MailboxFull',
  title: 'Mailbox full',
  meaning: MEANING,
  steps: [
    'Tell {recipient|the recipient} another way: they have to delete or archive mail',
    'On the receiving side, see what fills it: [?recipient `Get-MailboxStatistics {recipient} | fl Total*Size`?:`Get-MailboxStatistics | fl Total*Size`?]; deleted items count too',
    'Enable the archive or raise the quota: [?recipient `Enable-Mailbox {recipient} -Archive`?:`Enable-Mailbox` with `-Archive`?], `Set-Mailbox` with `-ProhibitSendReceiveQuota`',
    '[?final Send the message again after that: a 5xx answer is final and is not retried?:Wait for the next retry after that; only after a 5xx answer send the message again?]',
  ],
  causes: { quota: { meaning: MEANING } },
  confirm: ['Other recipients at the same server get their mail.'],
  next: [
    'When the quota is far from reached, look at the recoverable items folder (a hold fills it) and at the number of named properties',
  ],
  attach: ['The bounce, and the size and quota of the mailbox'],
  see: [
    {
      title: 'Exchange Online limits',
      url: 'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits',
    },
    { title: 'RFC 3463: enhanced status codes (X.2.2)', url: 'https://www.rfc-editor.org/rfc/rfc3463' },
  ],
  related: ['RecipientRejected', 'MessageTooLarge', 'ServerBusy'],
});
