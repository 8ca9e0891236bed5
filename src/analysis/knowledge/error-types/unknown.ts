import { article } from '../article.ts';

/** What to do about Unknown. */
export const UNKNOWN = article({
  errorType: 'Unknown',
  title: 'Unknown',
  meaning: 'The words do not say what is wrong.',
  steps: [
    'Get more words: the whole bounce with its part for administrators, the row of the message trace, or the protocol log of the session',
    'Probe {host|the receiving server} to see the answer at first hand',
  ],
  causes: {
    permanent: {
      meaning: 'The server refused for good and does not say why.',
      steps: [
        'Ask the postmaster of {domain|the receiving side} with the time and the reply: only their log knows the reason',
      ],
    },
    transient: {
      meaning: 'The server refused for now and does not say why. Mail is retried.',
      steps: ['Wait for two or three retries; most of these pass by themselves'],
    },
    'remote-error': {
      meaning: 'The receiving server answered with an error whose reason is not in the words.',
      steps: [
        'Ask the postmaster of {domain|the receiving side} with the time and the reply: only their log knows the reason',
      ],
    },
    'unknown-reason': { meaning: 'I find no reason in these words.' },
  },
  confirm: ['A second message to the same recipient gets the same answer.'],
  next: ['Paste the reply from the server (three digits and words), the LED string of the trace, or the whole bounce'],
  attach: ['The whole bounce or log extract, with times and zone'],
  see: [{ title: 'RFC 3463: enhanced status codes', url: 'https://www.rfc-editor.org/rfc/rfc3463' }],
});
