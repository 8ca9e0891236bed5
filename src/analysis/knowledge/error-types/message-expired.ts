import { article } from '../article.ts';

/** What to do about MessageExpired. */
export const MESSAGE_EXPIRED = article({
  errorType: 'MessageExpired',
  title: 'Message expired',
  meaning:
    'The message waited longer in the queue than it may. Expiry is the end, not the cause: the last deferral tells why.',
  steps: [
    'Find the last deferral: in the bounce the line before the final one, in the trace the last DEFER row, on a server Get-Queue | fl LastError',
    'Diagnose that reply: paste it here',
    'Probe {host|the receiving server} now, to see whether the trouble is still there',
    'Send the message again when it is gone',
  ],
  causes: {
    'queue-timeout': {
      meaning:
        'The message waited longer in the queue than it may. Expiry is the end, not the cause: the last deferral tells why.',
    },
  },
  confirm: ['The trace shows DEFER rows up to the expiry, then FAIL.'],
  next: ['Paste the whole bounce, or the trace of the message: the words here do not hold the last deferral'],
  attach: ['The whole bounce with all its lines for administrators'],
  see: [
    {
      title: 'Fix NDR 4.4.7',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-550-4-4-7-in-exchange-online',
    },
  ],
});
