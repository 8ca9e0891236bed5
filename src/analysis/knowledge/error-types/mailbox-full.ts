import { article } from '../article.ts';

/** What to do about MailboxFull. */
export const MAILBOX_FULL = article({
  errorType: 'MailboxFull',
  title: 'Mailbox full',
  meaning: "The recipient's mailbox has reached its quota.",
  steps: [
    'Tell {recipient|the recipient} another way: they have to delete or archive mail, or get a larger quota',
    'On the receiving side: Get-MailboxStatistics {recipient|<mailbox>} | fl TotalItemSize,TotalDeletedItemSize and Get-Mailbox {recipient|<mailbox>} | fl *Quota*; a full recoverable items folder counts too',
    'Raise the quota or enable the archive: Set-Mailbox {recipient|<mailbox>} -ProhibitSendReceiveQuota 100GB',
    'Send the message again after that, when the reply was final (5xx)',
  ],
  causes: { quota: { meaning: "The recipient's mailbox has reached its quota." } },
  confirm: ['Other recipients at the same server get their mail.'],
  next: ['When the quota is far from reached, look for a full recoverable items folder or named properties'],
  attach: ['The bounce'],
  see: [
    {
      title: 'Exchange Online limits',
      url: 'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits',
    },
  ],
});
