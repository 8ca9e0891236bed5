import { article } from '../article.ts';

/** What to do about MessageTooLarge. */
export const MESSAGE_TOO_LARGE = article({
  errorType: 'MessageTooLarge',
  title: 'Message too large',
  meaning:
    'The message is larger than a server on the way, or the recipient, takes. Encoding makes attachments about a third larger.',
  steps: [
    'Send a link to the file, or a smaller message',
    'Find the limit: Get-TransportConfig | fl Max*Size, Get-SendConnector | fl Name,MaxMessageSize, Get-ReceiveConnector | fl Identity,MaxMessageSize, Get-Mailbox {recipient|<mailbox>} | fl MaxReceiveSize',
    'Probe {host|the server}: SIZE in its EHLO answer is its limit in bytes',
  ],
  causes: {
    'size-limit': {
      meaning:
        'The message is larger than a server on the way, or the recipient, takes. Encoding makes attachments about a third larger.',
    },
  },
  confirm: ['A small message to the same recipient is accepted.'],
  attach: ['The bounce and the size of the message'],
  see: [
    { title: 'Message size limits', url: 'https://learn.microsoft.com/exchange/mail-flow/message-size-limits' },
    { title: 'RFC 1870: SIZE', url: 'https://www.rfc-editor.org/rfc/rfc1870' },
  ],
});
