import { article } from '../article.ts';

/** What to do about UnableToConnect. */
export const UNABLE_TO_CONNECT = article({
  errorType: 'UnableToConnect',
  title: 'Unable to connect',
  meaning:
    'No TCP connection to the mail server could be made. Mail is queued and retried; after the expiry time it is returned.',
  steps: [
    "Try the port from a network outside the recipient's: Test-NetConnection {ip|<address>} -Port 25",
    'Check that {host|the smart host} resolves to the intended public address: Resolve-DnsName {host|<smart host>} [?ip (the attempt went to {ip}) ?]',
    "Compare the firewall's allow list with the published Exchange Online ranges (endpoints.office.com, id 10): 40.92.0.0/15, 40.107.0.0/16, 52.100.0.0/14, 104.47.0.0/17, 2a01:111:f400::/48, 2a01:111:f403::/48. A list that lacks some of them fails only some of the time",
    'Search the receive log for the sending address: V15\\TransportRoles\\Logs\\FrontEnd\\ProtocolLog\\SmtpReceive. No row means that the connection never arrived: it is the firewall or NAT; a row means that the listener or load balancer is at fault',
    'When it is mended, the queue drains within about 15 minutes; no resend is needed',
  ],
  causes: {
    refused: {
      meaning: 'The server, or a firewall in front of it, actively refused the connection (socket error 10061).',
      steps: [
        'Check that something listens: Get-Service MSExchangeFrontEndTransport and Test-NetConnection 127.0.0.1 -Port 25 on the server',
      ],
    },
    timeout: {
      meaning:
        'The server did not answer the connection: a firewall drops it, or the address is wrong or down (socket error 10060).',
      steps: ["Look at the firewall's drop log for the sending address on TCP port 25"],
    },
    unreachable: {
      meaning: 'There is no network path to the server.',
      steps: [
        'Check the route: tracert {ip|<address>}. For an IPv6 address check that the sending server has an IPv6 route at all',
      ],
    },
    'blocked-egress': {
      meaning: 'The sending side may not open connections to port 25.',
      steps: [
        'Probe another well-known mail server from the same machine: when that fails too, port 25 is blocked on the way out',
        'Use a smart host on port 587, or ask the provider to open port 25 (cloud providers block it by default)',
      ],
      only: true,
    },
    'not-connected': {
      meaning: 'No connection to any of the addresses of the target could be made.',
    },
  },
  confirm: [
    'A probe from a neutral network connects: the server is up, and the firewall lets only some sources in. It fails too: the server or its address is at fault.',
  ],
  next: [
    'Probe {host|the server} [?ip at {ip} ?]from here and compare',
    'Paste the receive log of the time in question: whether the sending address appears in it decides between firewall and server',
  ],
  attach: [
    'The failing reply with its time, the sending address, {ip|the address tried}, and the range list that the firewall should hold',
  ],
  see: [
    {
      title: 'Office 365 addresses and ranges',
      url: 'https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges',
    },
    {
      title: 'Mail flow intelligence: connector errors',
      url: 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence',
    },
  ],
});
