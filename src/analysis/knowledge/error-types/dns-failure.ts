import { article } from '../article.ts';

const SECOND_RESOLVER =
  'Ask a second resolver: [?query `Resolve-DnsName {query} -Server 1.1.1.1`?:`Resolve-DnsName` with the domain, `-Type MX` and `-Server 1.1.1.1`?]';

const RETRY =
  'When DNS answers again, [?queued let the queue retry: `Retry-Queue -Filter "Status -eq \'Retry\'"`?:send the message again: it was returned?]';

/** What to do about DnsFailure. */
export const DNS_FAILURE = article({
  errorType: 'DnsFailure',
  title: 'DNS failure',
  meaning: 'The name servers did not give an address to deliver to.',
  steps: [
    'When only your resolver fails, check the DNS servers on the network adapters of the sending server: `Get-DnsClientServerAddress`',
    RETRY,
  ],
  causes: {
    nxdomain: {
      meaning: 'The domain or host name does not exist in DNS.',
      steps: [
        'Check the spelling of {recipient|the recipient address, or of the smart host}',
        SECOND_RESOLVER,
        'Look up whether the registration of {domain|the domain} has lapsed ([?domain `whois {domain}`?:`whois`?]), and tell its owner another way',
      ],
    },
    servfail: {
      meaning: 'The name servers of the domain answer with a failure, or their answer cannot be validated.',
      steps: [
        SECOND_RESOLVER,
        'Ask without DNSSEC validation: [?domain `dig +cd {domain} MX`?:`dig +cd` for the MX of the domain?]. An answer now means broken signatures',
        'Tell the DNS operator of {domain|the domain}: SERVFAIL from every resolver is theirs to mend',
      ],
    },
    timeout: {
      meaning: 'The name servers did not answer in time.',
      steps: [
        SECOND_RESOLVER,
        'Check UDP and TCP port 53 from the sending server to its resolver: `Test-NetConnection` with the address of the resolver and `-Port 53`',
        'Ask each name server of {domain|the domain} by itself: [?domain `Resolve-DnsName {domain} -Type NS` lists them?:`Resolve-DnsName` with `-Type NS` lists them?]',
      ],
    },
    'no-address': {
      meaning: 'The name exists but has no address to deliver to.',
      steps: [
        'See what is published: [?query `Resolve-DnsName {query}`?:`Resolve-DnsName` with the domain and `-Type MX`?], then A and AAAA of each host it names',
        '[?domain Ask the owner of {domain|the domain} to publish an MX record that names a host with an A or AAAA record?:When it is a mail domain, probe it without a port, so that its MX counts: `/probe {name|contoso.com}`?]',
        RETRY,
      ],
      only: true,
    },
    'null-mx': {
      meaning: 'The domain publishes a null MX: it says that it takes no mail (RFC 7505).',
      steps: ['Use another address: {domain|this domain} takes no mail on purpose; retrying does not help'],
      only: true,
    },
    'invalid-mx': {
      meaning:
        'The MX records exist but cannot be used: they name an address, an alias, localhost or a host that does not exist.',
      steps: [
        'See what the MX names: [?query `Resolve-DnsName {query}`?:`Resolve-DnsName` with the domain and `-Type MX`?]',
        'Ask the owner of {domain|the domain} to let the MX name a host with its own A or AAAA record (RFC 5321 section 5.1)',
        RETRY,
      ],
      only: true,
    },
    dnssec: {
      meaning: 'The DNSSEC signatures of the domain do not hold, so a validating resolver refuses the answer.',
      steps: [
        'Check the chain: [?domain `delv {domain} MX`?:`delv` for the MX of the domain?] says which signature fails, dnsviz.net draws it',
        'Ask the owner of {domain|the domain} to sign the zone again, or to correct the DS record at the registrar',
        'Ask a second validating resolver: [?query `Resolve-DnsName {query} -Server 1.1.1.1`?:`Resolve-DnsName` with `-Server 1.1.1.1`?]; an answer blames your own (clock, trust anchor)',
        RETRY,
      ],
      only: true,
    },
    'lookup-failed': {
      meaning: 'The DNS lookup of the target failed; the words do not say how.',
      steps: [
        {
          text: 'When a connector has a smart host, look that name up: [?name `Resolve-DnsName {name} -Server 1.1.1.1`?:`Resolve-DnsName` with its name and `-Server 1.1.1.1`?]',
          tried: ['exchange-online', 'other'],
        },
        SECOND_RESOLVER,
        'Ask the name servers of {domain|the domain} themselves: [?domain `Resolve-DnsName {domain} -Type NS` lists them?:`Resolve-DnsName` with `-Type NS` lists them?]',
      ],
    },
  },
  confirm: [
    'The same lookup fails from two resolvers: the fault is with the domain. It fails from one: the fault is with that resolver.',
    'An internal address such as `25.x.x.x` in the bounce of Exchange Online is its own server, not the one that failed.',
  ],
  next: [
    '[?target `/probe {target}`: its first stage shows what DNS answers from here?:Name the domain, and I look it up from here?]',
  ],
  attach: ['The output of both lookups with the time, and the name of the resolver that was asked'],
  see: [
    {
      title: 'RFC 5321 section 5.1: locating the target host',
      url: 'https://www.rfc-editor.org/rfc/rfc5321#section-5.1',
    },
    { title: 'RFC 7505: null MX', url: 'https://www.rfc-editor.org/rfc/rfc7505' },
    {
      title: 'Mail flow intelligence: connector errors',
      url: 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence',
    },
  ],
  related: ['UnableToConnect', 'RecipientRejected', 'ProxyDnsFailure'],
});
