import { article } from '../article.ts';

/** What to do about ServerBusy. */
export const SERVER_BUSY = article({
  errorType: 'ServerBusy',
  title: 'Server busy or limiting',
  meaning: 'The server asks to come back later. Mail stays queued and is retried.',
  steps: [
    'Let the queue retry, and watch that it drains: Get-Queue | where Status -eq Retry | ft Identity,NextHopDomain,MessageCount,LastError',
    'When it lasts, compare the rate and the number of connections with the limits of {host|the receiving server}',
  ],
  causes: {
    busy: {
      meaning: 'The server is busy, shutting down or in maintenance.',
      steps: [
        'On your own server: Get-ServerComponentState {server|<server>}, and look for back pressure events 15004 to 15007',
      ],
    },
    throttled: {
      meaning: 'The sender sends more, or faster, than the receiving side accepts from it.',
      steps: [
        'Send fewer messages at once and warm new addresses up slowly',
        'When this is your own server sending to your own tenant, set up an inbound connector of type OnPremises: then it is not treated as a stranger',
        'Look for a compromised account or a bulk job behind the rise',
      ],
    },
    greylisted: {
      meaning:
        'The server asks unknown senders to try again later (greylisting). Nothing has to be mended: the next try delivers.',
      steps: ['Wait for the retry; check that the sender retries from the same address'],
      only: true,
    },
    'insufficient-resources': {
      meaning: 'The server is short of disk or memory and takes no more mail (back pressure).',
      steps: [
        'Free the disk that holds the queue database, or move it: events 15004 to 15007 name the resource',
        'Check the size of mail.que and the free space: Get-PSDrive -PSProvider FileSystem',
      ],
    },
    'too-many-connections': {
      meaning: 'The sending server holds more connections than the receiving side allows.',
      steps: [
        'Lower the concurrency of the sender: Set-TransportService {server|<server>} -MaxPerDomainOutboundConnections 10',
      ],
    },
    'too-many-recipients': {
      meaning: 'The message has more recipients than the server takes at once.',
      steps: ['Send to fewer recipients at a time, or to a distribution group'],
    },
  },
  confirm: ['A later attempt of the same message is accepted.'],
  next: ['Ask how many messages were sent from this address in the last hour, and whether that is usual'],
  attach: ['The reply with its time, and the number of messages and connections an hour'],
  see: [
    {
      title: 'Fix 451 4.7.500-699',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-451-4-7-500-699-asxxx-in-exchange-online',
    },
    { title: 'Back pressure', url: 'https://learn.microsoft.com/exchange/mail-flow/back-pressure' },
    { title: 'RFC 6647: greylisting', url: 'https://www.rfc-editor.org/rfc/rfc6647' },
  ],
});
