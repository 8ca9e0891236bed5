import { article } from '../article.ts';

const ASK =
  'Ask the postmaster of {domain|the receiving side} with the time and the whole reply: only their log knows the reason';

/** What to do about Unknown. */
export const UNKNOWN = article({
  errorType: 'Unknown',
  title: 'Unknown',
  meaning: 'The words do not say what is wrong.',
  steps: [
    'See the answer at first hand: [?target `/probe {target}`?:`/probe` with the domain of the recipient?]',
    'Get more words: the whole bounce with its part for administrators, the row of the trace, or the protocol log of the session',
  ],
  causes: {
    permanent: { meaning: 'The server refused for good and does not say why.', steps: [ASK] },
    transient: {
      meaning: 'The server refused for now and does not say why. Mail is retried.',
      steps: ['Wait for two or three retries, about half an hour: most of these pass by themselves'],
    },
    'remote-error': {
      meaning: 'The receiving server answered with an error whose reason is not in the words.',
      steps: [ASK],
    },
    'unknown-reason': { meaning: 'I find no reason in these words.' },
  },
  confirm: ['A second message to the same recipient gets the same answer.'],
  next: ['Paste the reply from the server (three digits and words), the LED string of the trace, or the whole bounce'],
  attach: ['The whole bounce or log extract, with times and zone'],
  see: [
    { title: 'RFC 3463: enhanced status codes', url: 'https://www.rfc-editor.org/rfc/rfc3463' },
    {
      title: 'NDRs in Exchange Online',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online',
    },
  ],
  related: ['MessageExpired', 'PolicyRejected', 'ServerBusy'],
});
