import { article } from '../article.ts';

/** What to do about RoutingFailure. */
export const ROUTING_FAILURE = article({
  errorType: 'RoutingFailure',
  title: 'Routing failure',
  meaning: 'The message found no way to the recipient, or goes round in a circle.',
  steps: [
    'Read the Received lines of the returned message, oldest last: the hosts that repeat are the circle',
    'Check the kind of the domain: Get-AcceptedDomain {domain|<domain>} | fl DomainType. InternalRelay without a connector to the next system sends mail round',
    'Check which connector takes the domain: Get-SendConnector | fl Name,AddressSpaces,SmartHosts and Get-OutboundConnector | fl Name,RecipientDomains,SmartHosts,RouteAllMessagesViaOnPremises',
  ],
  causes: {
    loop: {
      meaning: 'The message goes round in a circle between servers until the hop limit.',
      steps: [
        'Look at forwarding on both sides: Get-Mailbox {recipient|<mailbox>} | fl Forwarding*, and at a targetAddress that points back',
        'Check that the MX of {domain|the domain} does not name the server that sends',
      ],
    },
    'no-route': {
      meaning: 'The server knows no way to the domain of the recipient.',
      steps: [
        'Look for messages in the Unreachable queue: Get-Queue -Identity {server|<server>}\\Unreachable | fl LastError',
      ],
    },
    misconfigured: {
      meaning: 'A server on the way is set up wrongly.',
      steps: ["On Exchange, 5.3.5 means that the connector's FQDN is the same as the target's: give it its own"],
    },
  },
  confirm: ['The Received lines show the same host twice, or the queue viewer shows the message as Unreachable.'],
  next: ['Paste the headers of the returned message: they show the way it took'],
  attach: ['The headers of the returned message and the list of connectors'],
  see: [
    {
      title: 'Fix NDR 5.4.6 to 5.4.20',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-4-6-through-5-4-20-in-exchange-online',
    },
  ],
});
