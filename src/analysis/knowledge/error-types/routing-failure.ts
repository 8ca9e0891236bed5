import { article } from '../article.ts';

/** What to do about RoutingFailure. */
export const ROUTING_FAILURE = article({
  errorType: 'RoutingFailure',
  title: 'Routing failure',
  meaning: 'The message found no way to the recipient, or goes round in a circle.',
  steps: [
    'Send one test message and follow it in the trace or with `Get-MessageTrackingLog`: it must leave by the connector that is meant',
  ],
  causes: {
    loop: {
      meaning: 'The message goes round in a circle between servers until the hop limit.',
      steps: [
        'Read the Received lines of the returned message, oldest last: the hosts that repeat are the circle',
        'Check the kind of the domain: [?domain `Get-AcceptedDomain {domain} | fl DomainType`?:`Get-AcceptedDomain | ft Name,DomainType`?]; `InternalRelay` needs a connector to the next system',
        'Check forwarding on both sides: [?recipient `Get-Mailbox {recipient} | fl Forwarding*`?:`Get-Mailbox | fl Forwarding*`?], and a `targetAddress` that points back',
        'Check that the MX of {domain|the domain} does not name the server that sends: [?domain `Resolve-DnsName {domain} -Type MX`?:`Resolve-DnsName` with `-Type MX`?]',
      ],
    },
    'no-route': {
      meaning: 'The server knows no way to the domain of the recipient.',
      steps: [
        'On the server that says so, look at the Unreachable queue: [?server `Get-Queue {server}\\Unreachable | fl LastError`?:`Get-Queue Unreachable | fl LastError`?]',
        'Check which connector takes the domain: `Get-SendConnector | fl Name,Enabled,AddressSpaces,SmartHosts,SourceTransportServers`',
        'In Exchange Online: `Get-OutboundConnector | fl Name,Enabled,RecipientDomains,SmartHosts,RouteAllMessagesViaOnPremises`',
      ],
    },
    misconfigured: {
      meaning: 'A server on the way is set up wrongly.',
      steps: [
        {
          text: 'For 5.3.5, give the connector a name of its own: `Get-SendConnector | fl Name,Fqdn` must differ from the name of the target',
          owner: 'recipient',
        },
        {
          text: 'Ask the postmaster of {domain|the receiving side} with the bounce: their server says that it cannot route its own mail',
          owner: 'recipient',
        },
        {
          text: 'Check source address and ports of the sending server: `Get-SendConnector | fl Name,SourceIPAddress,Port`, `Get-NetTCPConnection | group State`',
          owner: 'sender',
        },
        {
          text: 'Check the target: a smart host or MX that resolves to `0.0.0.0` or to the sender itself cannot be dialled',
          owner: 'sender',
        },
      ],
    },
  },
  confirm: ['The Received lines show the same host twice, or the queue viewer shows the message as Unreachable.'],
  next: ['Paste the headers of the returned message: they show the way it took'],
  attach: ['The headers of the returned message, and the list of connectors'],
  see: [
    {
      title: 'Fix NDR 5.4.6 to 5.4.20',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-4-6-through-5-4-20-in-exchange-online',
    },
    { title: 'Queues', url: 'https://learn.microsoft.com/exchange/mail-flow/queues/queues' },
    { title: 'RFC 5321 section 6.3: loop detection', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-6.3' },
  ],
  related: ['DnsFailure', 'RecipientRejected', 'MessageExpired'],
});
