import { article } from '../article.ts';

const MEANING =
  'The message waited longer in the queue than it may. Expiry is the end, not the cause: the last deferral tells why.';

/** What to do about MessageExpired. */
export const MESSAGE_EXPIRED = article({
  errorType: 'MessageExpired',
  title: 'Message expired',
  meaning: MEANING,
  steps: [
    'Find the last deferral: in the bounce the line before the final one, in the trace the last DEFER row; `Get-Queue | fl LastError` on a server',
    'Diagnose that reply: `/diagnose` with its words names the cause and whose it is',
    'See whether it still fails: [?target `/probe {target}`?:`/probe` the domain of the recipient?]',
    'Send the message again when it is gone: an expired message is not retried',
  ],
  causes: { 'queue-timeout': { meaning: MEANING } },
  confirm: [
    'The trace shows DEFER rows up to the expiry, then FAIL.',
    'The last host in the bounce is the Microsoft server itself: the line before it names the remote host.',
  ],
  next: ['Paste the whole bounce, or drop the trace of the message: the words here do not hold the last deferral'],
  attach: ['The whole bounce with all its lines for administrators'],
  see: [
    {
      title: 'Fix NDR 4.4.7',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-550-4-4-7-in-exchange-online',
    },
    {
      title: 'Retry and expiry intervals',
      url: 'https://learn.microsoft.com/exchange/mail-flow/queues/message-intervals',
    },
  ],
  related: ['UnableToConnect', 'DnsFailure', 'TlsHandshakeFailure', 'ConnectionLost'],
});
