import { article } from '../article.ts';

const RANGES = {
  text: "Compare the firewall's allow list for TCP 25 with `40.92.0.0/15`, `40.107.0.0/16`, `52.100.0.0/14`, `104.47.0.0/17`: one missing range fails part of the mail",
  tried: ['exchange-online' as const],
};
const RECEIVE_LOG = {
  text: 'Search `V15\\TransportRoles\\Logs\\FrontEnd\\ProtocolLog\\SmtpReceive` for the sending address[?senderIp  {senderIp}?]: no row is the firewall, a row the listener',
  tried: ['exchange-online' as const],
};
const TAKE_OUT = {
  text: '[?partial Until it is mended, take {ip|the failing address} out of DNS or the pool, so that senders meet only addresses that answer?]',
  tried: ['probe' as const],
};
const CONTROL = {
  text: '[?alone Probe a domain that is known to work from here: when that hangs too, port 25 is blocked on our way out and says nothing about {host|the server}?]',
  tried: ['probe' as const],
};

/** What to do about UnableToConnect. */
export const UNABLE_TO_CONNECT = article({
  errorType: 'UnableToConnect',
  title: 'Unable to connect',
  meaning:
    'No TCP connection to the mail server could be made. Mail is queued and retried; after the expiry time it is returned.',
  steps: [
    'Check the target: [?name `Resolve-DnsName {name}` must give?:the host must resolve to?] the public address that is meant[?ip ; the attempt went to {ip}?]',
    'Try port {port|25} from a second network: [?address `Test-NetConnection {address} -Port {port|25}`?:`Test-NetConnection` with the address and `-Port {port|25}`?]',
    'When it is mended, [?queued wait: the queue drains within about 15 minutes, no resend is needed?:send the message again: it was returned?]',
  ],
  causes: {
    refused: {
      meaning: 'The server, or a firewall in front of it, actively refused the connection (socket error 10061).',
      steps: [
        RANGES,
        RECEIVE_LOG,
        TAKE_OUT,
        'On the server, check that port {port|25} listens: `Get-NetTCPConnection -LocalPort {port|25} -State Listen` (Exchange: service `MSExchangeFrontEndTransport`)',
        {
          text: 'Look for a rule with action reject in the firewall, and for a load balancer pool without a healthy member: both refuse for the server',
          tried: ['probe', 'other'],
        },
      ],
    },
    timeout: {
      meaning:
        'The server did not answer the connection: a firewall drops it, or the address is wrong or down (socket error 10060).',
      steps: [
        RANGES,
        TAKE_OUT,
        CONTROL,
        {
          text: 'From the sending server, try a mail server that is known to work: when it times out too, port 25 is blocked on the way out',
          tried: ['other'],
        },
        'Read the drop log of the firewall before {host|the server} for TCP 25 from the sending address: dropped packets time out, they are not refused',
        RECEIVE_LOG,
      ],
    },
    unreachable: {
      meaning: 'There is no network path to the server: no route, or the network or host is down.',
      steps: [
        'Find where the route ends: [?address `tracert {address}`?:`tracert` to the address of the server?]',
        TAKE_OUT,
        '[?v6 Check that the sending server has an IPv6 route: `Find-NetRoute -RemoteIPAddress {v6}`; without one let it use IPv4?]',
      ],
    },
    'blocked-egress': {
      meaning:
        'The connection was not allowed out: by the firewall, antivirus or provider of the sender, or by the egress policy of mailmedic.',
      steps: [
        {
          text: 'From the sending machine, try a mail server that is known to work: when that fails too, port 25 is blocked on the way out',
          tried: ['exchange-online', 'other'],
        },
        {
          text: '[?control Have the local firewall or the provider open TCP {port|25} on the way out: {control|the control target} fails from here too, and clouds block port 25 by default?]',
          tried: ['probe'],
        },
        {
          text: '[?policy Probe the public address or the domain instead: that is what senders see?:Probe from another network to compare: until this one lets us out, nothing can be said about {target|the target}?]',
          tried: ['probe'],
        },
        {
          text: 'Allow the transport service out in the local firewall and antivirus (socket error 10013 comes from this machine)',
          tried: ['exchange-online', 'other'],
        },
        {
          text: 'Else send through a smart host on port 587, or ask the provider to open port 25: cloud providers block it by default',
          tried: ['exchange-online', 'other'],
        },
      ],
      only: true,
    },
    'not-connected': {
      meaning: 'No connection to any of the addresses of the target could be made.',
      steps: [
        RANGES,
        RECEIVE_LOG,
        CONTROL,
        {
          text: '[?peer `/probe {peer}` from here?:`/probe` the target from here?]: an answer means that the firewall before it lets in some sources only',
          tried: ['other'],
        },
      ],
    },
  },
  confirm: [
    'A probe from a neutral network connects: the server is up, and the firewall lets in only some sources. It fails too: the server or its address is at fault.',
    'Only part of the mail fails: group the failures by sending address; a range that always fails is missing in the allow list.',
    'Exchange Online sends from `40.92.0.0/15`, `40.107.0.0/16`, `52.100.0.0/14`, `104.47.0.0/17`, `2a01:111:f400::/48` and `2a01:111:f403::/48` (endpoints.office.com, id 10).',
  ],
  next: [
    '[?peer `/probe {peer}` from here and compare with what the sender saw?:Name the host or address that was tried, and I probe it from here?]',
    'Drop the receive log of that time here: whether the sending address appears in it decides between firewall and server',
  ],
  attach: [
    'The failing reply with its time and zone, and the sending address',
    'The address that was tried[?ip  ({ip})?], and the ranges that the firewall should let in',
  ],
  see: [
    {
      title: 'Office 365 addresses and ranges',
      url: 'https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges',
    },
    {
      title: 'Mail flow intelligence: connector errors 4.4.312 to 4.4.318',
      url: 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence',
    },
    {
      title: 'Protocol logging',
      url: 'https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging',
    },
  ],
  related: ['ConnectionLost', 'DnsFailure', 'ProbeTimeout'],
});
