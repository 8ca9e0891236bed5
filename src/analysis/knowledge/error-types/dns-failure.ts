import { article } from '../article.ts';

/** What to do about DnsFailure. */
export const DNS_FAILURE = article({
  errorType: 'DnsFailure',
  title: 'DNS failure',
  meaning: 'The name servers did not give an address to deliver to.',
  steps: [
    'Look the domain up from a second resolver: Resolve-DnsName {domain|<domain>} -Type MX -Server 8.8.8.8',
    'Compare with the authoritative servers: Resolve-DnsName {domain|<domain>} -Type NS, then ask each of them for the MX',
    "When only your resolver fails, mend it: check the DNS servers on the sending server's network adapter and its forwarders",
    'When the record was mended, let the queue retry: Retry-Queue -Filter "NextHopDomain -eq \'{domain|<domain>}\'"',
  ],
  causes: {
    nxdomain: {
      meaning: 'The domain or host name does not exist in DNS.',
      steps: [
        'Check the spelling of {recipient|the recipient address}',
        'Look up whether the registration of {domain|the domain} has expired (whois), and tell its owner',
      ],
    },
    servfail: {
      meaning: 'The name servers of the domain answer with a failure.',
      steps: [
        'Ask again without DNSSEC validation: dig +cd {domain|<domain>} MX. An answer now means that the signatures are broken',
      ],
    },
    timeout: {
      meaning: 'The name servers did not answer in time.',
      steps: [
        'Check that UDP and TCP port 53 are open from the sending server to its resolver, and from the resolver outwards',
      ],
    },
    'no-address': {
      meaning: 'The name exists but has no address to deliver to.',
      steps: [
        'Ask the owner of {domain|the domain} to publish an MX record that names a host with an A or AAAA record',
      ],
    },
    'null-mx': {
      meaning: 'The domain publishes a null MX: it says that it takes no mail (RFC 7505).',
      steps: ['Use another address: {domain|this domain} takes no mail on purpose'],
      only: true,
    },
    'invalid-mx': {
      meaning:
        'The MX records exist but cannot be used: they name an address, an alias, localhost or a host that does not exist.',
      steps: [
        'Ask the owner of {domain|the domain} to let the MX name a host with its own A or AAAA record (RFC 5321 section 5.1)',
      ],
    },
    dnssec: {
      meaning: 'The DNSSEC signatures of the domain do not hold, so a validating resolver refuses the answer.',
      steps: [
        'Check the chain: delv {domain|<domain>} MX, or dnsviz.net for a picture',
        'Ask the owner to sign the zone again, or to correct the DS record at the registrar',
      ],
    },
    'lookup-failed': {
      meaning: 'The DNS lookup of the target failed.',
      steps: ['When a connector has a smart host, look that name up instead: Resolve-DnsName {host|<smart host>}'],
    },
  },
  confirm: [
    'The same lookup fails from two resolvers: the fault is with the domain. It fails from one: the fault is with that resolver.',
  ],
  next: ['Probe {domain|the domain}: the first stage shows what DNS answers from here'],
  attach: ['The output of both lookups with the time, and the name of the resolver that was asked'],
  see: [
    {
      title: 'RFC 5321 section 5.1: locating the target host',
      url: 'https://www.rfc-editor.org/rfc/rfc5321#section-5.1',
    },
    {
      title: 'Mail flow intelligence: connector errors',
      url: 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence',
    },
  ],
});
