import { article } from '../article.ts';

const hung = (stage: string, steps: string[], only = false) => ({
  meaning: `The probe hung at the ${stage} stage until its deadline.`,
  steps,
  only,
});

const TARPIT =
  'Look for tarpitting and connection limits in the receive log of {host|the server}: "Tarpit for" names the reason';
const HUB = [
  'Look behind the front end: everything up to "250 Recipient OK" is good, the hub or mailbox server does not take the message',
  'Look at the hub: `Get-Queue | ft Identity,Status,MessageCount,Velocity`, and events 15004 to 15007 (back pressure)',
  'In Exchange Online, count the failures by DAG: one DAG is its servers, many DAGs are the forest; the sender retries',
];

/** What to do about ProbeTimeout. */
export const PROBE_TIMEOUT = article({
  errorType: 'ProbeTimeout',
  title: 'Probe timeout',
  meaning: 'The probe did not finish before its deadline. The stage it hung in tells which part is slow.',
  steps: [
    'Probe again with more time: [?target `/probe {target} --timeout 120`?:`/probe` with `--timeout 120`?]; an answer after all means slow, not dead',
    'Probe from a second network: when that is fast, the path from here is slow, not {host|the server}',
  ],
  causes: {
    dns: hung('DNS', [
      'Ask a second resolver: [?query `Resolve-DnsName {query} -Server 1.1.1.1`?:`Resolve-DnsName` with `-Server 1.1.1.1`?]; an answer blames your own',
      'Check the resolver of this machine: UDP and TCP port 53 open, forwarders alive',
    ]),
    connect: hung('connect', [
      'Probe a domain that is known to work from here: when that hangs too, port 25 is blocked on our way out',
      'Read the drop log of the firewall before {host|the server} for TCP port {port|25}: a firewall that drops packets looks like this',
      'Check that it answers at all: [?address `Test-NetConnection {address} -Port {port|25}`?:`Test-NetConnection` with the address and `-Port {port|25}`?]',
    ]),
    banner: hung('banner', [
      'Look at the front door: the connection stands but no greeting comes, so the load balancer or firewall answers without {host|the server}',
      'Check that the service runs and is not overloaded: `Get-Service MSExchangeFrontEndTransport`, `Get-ServerComponentState`',
      'Look for slow reverse DNS and block list lookups on {host|the server}: many servers look the caller up before they greet',
    ]),
    ehlo: hung('EHLO', [
      TARPIT,
      'Look for a firewall that inspects SMTP and holds the EHLO answer (Cisco ASA: `no inspect esmtp`)',
      'Check the DNS of {host|the server}: it looks up the EHLO name before it answers',
    ]),
    starttls: hung('STARTTLS', [
      'Look at the TLS of {host|the server}: it took STARTTLS and does not answer; SChannel events and a service that hangs show there',
      'Bypass TLS inspection for port 25: a device in between may hold the answer',
    ]),
    tls: hung('TLS', [
      'Check the path MTU: a certificate chain that never arrives looks like this[?address : `ping {address} -f -l 1472`?]',
      'Bypass TLS inspection for port 25 on the way to {host|the server}',
      'Try another version: [?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -tls1_2`?:`openssl s_client -starttls smtp -tls1_2`?]; old stacks hang',
    ]),
    certificate: hung('certificate', [
      'Look at the path to the DNS that is asked for TLSA and MTA-STS: the certificate itself has already arrived',
      'Fetch the policy by hand: [?domain `https://mta-sts.{domain}/.well-known/mta-sts.txt`?:the MTA-STS policy of the domain?] must answer within seconds',
    ]),
    auth: hung('authentication', [
      'Look at the directory behind {host|the server}: domain controllers or identity service answer slowly',
      'Look for log-ins that are delayed on purpose after failures: the receive log says "Tarpit for"',
    ]),
    mail: hung('MAIL', [
      TARPIT,
      'Check the DNS of {host|the server}: it looks up the sender domain and SPF before it answers',
    ]),
    rcpt: hung('RCPT', [
      'Look at the directory behind {host|the server}: recipient look-ups (domain controllers, LDAP, call-ahead) answer slowly',
      TARPIT,
      'Probe a second recipient: [?domain `/probe postmaster@{domain}`?:`/probe postmaster@` the domain?]; when that is fast, this one mailbox is slow to find',
    ]),
    data: hung('DATA', HUB),
    bdat: hung('BDAT', HUB),
    'end-of-data': hung('end of data', [
      'Look behind the front end: the whole message is there, the hub is slow to accept it (content filters, shadow copy, disk)',
      'Look at shadow redundancy: `Get-Queue | where DeliveryType -eq ShadowRedundancy`, and at `DelayedAck` in the receive log',
      'In Exchange Online, count the failures by DAG: one DAG is its servers, many DAGs are the forest; the sender retries',
    ]),
    quit: hung(
      'QUIT',
      [
        'Leave it: everything before it was answered, and a missing answer to QUIT harms no mail',
        'When every session hangs here, look for a firewall or load balancer that holds the last packet',
      ],
      true,
    ),
  },
  confirm: [
    'A second probe from another network hangs at the same stage.',
    'The last reply was "250 2.1.5 Recipient OK": the front end is good, the part behind it is slow.',
  ],
  next: [
    'Compare the stage times with those of the last good probe',
    'Find the session in the protocol log of the server by the EHLO name and the time of the probe',
  ],
  attach: ['The transcript with its times, the EHLO name of the probe and the address it came from'],
  see: [
    {
      title: 'RFC 5321 section 4.5.3.2: timeouts',
      url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2',
    },
    {
      title: 'Test SMTP communication by hand',
      url: 'https://learn.microsoft.com/exchange/mail-flow/test-smtp-with-telnet',
    },
    { title: 'Mail flow and the transport pipeline', url: 'https://learn.microsoft.com/exchange/mail-flow/mail-flow' },
  ],
  related: ['UnableToConnect', 'ReplicationFailure', 'ServerBusy', 'ProxyDnsFailure'],
});
