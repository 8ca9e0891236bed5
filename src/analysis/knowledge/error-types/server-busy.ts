import { article } from '../article.ts';

const WATCH =
  '[?queued Let the queue retry, and watch that it drains: `Get-Queue | where Status -eq Retry | ft Identity,NextHopDomain,MessageCount,LastError`?:Send the message again later: a 5xx answer is final and is not retried?]';

/** What to do about ServerBusy. */
export const SERVER_BUSY = article({
  errorType: 'ServerBusy',
  title: 'Server busy or limiting',
  meaning: 'The server asks to come back later. Mail stays queued and is retried.',
  steps: [WATCH],
  causes: {
    busy: {
      meaning: 'The server is busy, shutting down or in maintenance.',
      steps: [
        WATCH,
        {
          text: 'On the busy server, see which component is inactive: [?server `Get-ServerComponentState {server}`?:`Get-ServerComponentState`?]; somebody may maintain it',
          owner: 'recipient',
        },
        {
          text: 'On the busy server, look for back pressure: events 15004 to 15007 (MSExchangeTransport) name the resource that is short',
          owner: 'recipient',
        },
        {
          text: 'Watch service health for Exchange Online; when it lasts over 30 minutes, open a case with three whole replies and their times',
          owner: 'service',
        },
      ],
      only: true,
    },
    throttled: {
      meaning: 'The sender sends more, or faster, than the receiving side accepts from it.',
      steps: [
        {
          text: 'Find what sends more than usual: `Get-Queue | sort MessageCount -Descending`, then the account or job with the most messages',
          owner: 'sender',
        },
        {
          text: 'Stop a compromised account or a runaway job; send bulk mail in smaller lots and warm new addresses up slowly',
          owner: 'sender',
        },
        {
          text: 'When your own server sends to your own tenant, add an inbound connector of type `OnPremises`: then it is no stranger',
          owner: 'sender',
        },
        {
          text: 'Find who sends {recipient|the mailbox} so much: a mailbox of Exchange Online takes 3,600 messages an hour, part of it from one sender',
          owner: 'recipient',
        },
        {
          text: 'Move machine mail (monitoring, reports) to a mailbox of its own, or let it send digests',
          owner: 'recipient',
        },
      ],
    },
    greylisted: {
      meaning:
        'The server asks unknown senders to try again later (greylisting). Nothing has to be mended: the next try delivers.',
      steps: [
        'Wait for the next try, usually 5 to 15 minutes: it delivers',
        'When it does not, check that the sender retries from the same address; a pool of addresses starts over each time',
      ],
      only: true,
    },
    'insufficient-resources': {
      meaning: 'A server is short of disk, memory or ports and takes no more mail (back pressure).',
      steps: [
        {
          text: 'Find the resource: events 15004 to 15007 (MSExchangeTransport) on {host|the server} name it',
          owner: 'recipient',
        },
        {
          text: 'Free the disk that holds the queue: `Get-PSDrive -PSProvider FileSystem`, and the size of `mail.que`',
          owner: 'recipient',
        },
        {
          text: 'Move the queue database to a larger disk (`QueueDatabasePath` in `EdgeTransport.exe.config`) when it fills again',
          owner: 'recipient',
        },
        {
          text: 'Look for used-up ports on the sending server (socket error 10055): `Get-NetTCPConnection | group State`',
          owner: 'sender',
        },
        {
          text: 'Lower its concurrency, or restart the transport service when ports do not come back: `Restart-Service MSExchangeTransport`',
          owner: 'sender',
        },
      ],
    },
    'too-many-connections': {
      meaning: 'The sending server holds more connections than the receiving side allows.',
      steps: [
        {
          text: 'Lower the concurrency: [?server `Set-TransportService {server} -MaxPerDomainOutboundConnections 10`?:`Set-TransportService` with `-MaxPerDomainOutboundConnections 10`?]',
          owner: 'sender',
        },
        {
          text: 'Look for a second system that sends from the same public address: all of them count together',
          owner: 'sender',
        },
        {
          text: 'Watch service health for Exchange Online; the limit is one of the service, and the retry passes when the load falls',
          owner: 'service',
        },
      ],
    },
    'too-many-recipients': {
      meaning: 'The message has more recipients than the server takes at once.',
      steps: [
        'Send to fewer recipients at a time: a server must take 100 (RFC 5321 section 4.5.3.1.8), Exchange Online 200 of one domain',
        'Let the program that sends split the list, or use a distribution group',
      ],
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
    {
      title: 'Exchange Online limits',
      url: 'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits',
    },
    { title: 'RFC 6647: greylisting', url: 'https://www.rfc-editor.org/rfc/rfc6647' },
  ],
  related: ['ReputationBlock', 'ReplicationFailure', 'ConnectionLost'],
});
