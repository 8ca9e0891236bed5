import { article } from '../article.ts';

const MEANING =
  'The message is larger than a server on the way, or the recipient, takes. Encoding makes attachments about a third larger.';

/** What to do about MessageTooLarge. */
export const MESSAGE_TOO_LARGE = article({
  errorType: 'MessageTooLarge',
  title: 'Message too large',
  meaning: MEANING,
  steps: [
    'Send a link to the file, or split the message: encoded, an attachment is about a third larger than on disk',
    'See the limit of the server: [?peer `/probe {peer}`?:`/probe` it?] shows `SIZE` in the EHLO answer, in bytes',
    'Find your own limits: `Get-TransportConfig | fl Max*Size`, `Get-SendConnector | fl Name,MaxMessageSize`, `Get-ReceiveConnector | fl Identity,MaxMessageSize`',
    'On the receiving side, look at the mailbox: [?recipient `Get-Mailbox {recipient} | fl Max*Size`?:`Get-Mailbox | fl Max*Size`?]',
  ],
  causes: { 'size-limit': { meaning: MEANING } },
  confirm: ['A small message to the same recipient is accepted.'],
  next: ['Ask for the size of the message as sent: the trace has it in `total_bytes`'],
  attach: ['The bounce and the size of the message'],
  see: [
    { title: 'Message size limits', url: 'https://learn.microsoft.com/exchange/mail-flow/message-size-limits' },
    {
      title: 'Exchange Online limits',
      url: 'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits',
    },
    { title: 'RFC 1870: SIZE', url: 'https://www.rfc-editor.org/rfc/rfc1870' },
  ],
  related: ['MailboxFull', 'PolicyRejected'],
});
