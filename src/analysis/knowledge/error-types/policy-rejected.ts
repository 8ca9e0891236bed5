import { article } from '../article.ts';

const TEST_MESSAGE =
  'Send one message again and read `Authentication-Results` in its headers: SPF, DKIM and DMARC must pass';

/** What to do about PolicyRejected. */
export const POLICY_REJECTED = article({
  errorType: 'PolicyRejected',
  title: 'Rejected by policy',
  meaning: 'The server understood the message and refuses it by a rule.',
  steps: [
    'When the reply names no rule, ask the postmaster of {domain|the recipient domain} with the whole bounce: only their log knows it',
  ],
  causes: {
    spf: {
      meaning: "The sending server is not in the SPF record of the sender's domain.",
      steps: [
        'See the record: [?senderDomain `Resolve-DnsName {senderDomain} -Type TXT`?:`Resolve-DnsName` of the sender domain with `-Type TXT`?]',
        'Add the sending server[?senderIp  ({senderIp})?] to it, as `ip4:` or `include:`; no more than ten DNS lookups in all',
        'For forwarded mail SPF breaks by design: sign with DKIM, or let the forwarder rewrite the sender (SRS)',
        TEST_MESSAGE,
      ],
      only: true,
    },
    dkim: {
      meaning: 'The DKIM signature is missing or does not hold.',
      steps: [
        'Publish both selectors: [?senderDomain `Get-DkimSigningConfig -Identity {senderDomain} | fl Selector*CNAME`?:`Get-DkimSigningConfig | fl Selector*CNAME`?] names them',
        'Then switch signing on: [?senderDomain `Set-DkimSigningConfig -Identity {senderDomain} -Enabled $true`?:`Set-DkimSigningConfig` with `-Enabled $true`?]',
        'Let nothing change the message after signing: footers, gateways and list software break the signature',
        TEST_MESSAGE,
      ],
      only: true,
    },
    dmarc: {
      meaning:
        'The message is not authenticated for the domain in its From line, and the domain or the receiver asks for that.',
      steps: [
        'See which fails in `Authentication-Results` of a message that arrived: `spf=`, `dkim=` or the alignment with From',
        'Sign with DKIM for the domain in From; that survives forwarding, SPF does not',
        'Let services that send for you use your domain in the envelope, or sign with your key',
      ],
      only: true,
    },
    content: {
      meaning: 'A filter refuses what is in the message.',
      steps: [
        'Send a plain message without links and attachments: when it arrives, take the parts back one by one',
        'Report a false positive to the filter that the reply names, with the bounce',
        'Look for a compromised account when others of your users are refused too',
      ],
    },
    'ptr-missing': {
      meaning: 'The address of the sending server has no matching name in reverse DNS.',
      steps: [
        'See the present one: [?senderIp `Resolve-DnsName {senderIp} -Type PTR`?:`Resolve-DnsName` of the sending address with `-Type PTR`?]',
        'Ask the provider of the address for a PTR record that names the server; that name must resolve back to the address',
        'Use the same name in EHLO: `Get-SendConnector | fl Name,Fqdn`',
      ],
      only: true,
    },
    'relay-denied': {
      meaning: 'The server does not accept mail for this domain from this sender.',
      steps: [
        'Check that the MX of {domain|the domain} names the right server: [?domain `Resolve-DnsName {domain} -Type MX`?:`Resolve-DnsName` with `-Type MX`?]',
        {
          text: 'Accept the domain on the server: `Get-AcceptedDomain`, then [?domain `New-AcceptedDomain -Name {domain} -DomainName {domain}`?:`New-AcceptedDomain`?]',
          owner: 'recipient',
        },
        {
          text: 'In Exchange Online, verify the domain in the tenant: a domain that was removed or never verified is refused like this (5.4.1)',
          owner: 'recipient',
        },
        {
          text: 'Let the device or program log in (port 587): an open server must not relay for strangers',
          owner: 'sender',
        },
        {
          text: 'Or give it a relay connector that names its address only: `Get-ReceiveConnector | fl Identity,RemoteIPRanges,PermissionGroups`',
          owner: 'sender',
        },
      ],
      only: true,
    },
    policy: {
      meaning: 'The server refuses the message by a rule of its own.',
      steps: [
        {
          text: 'Find the rule: in the extended trace `S:TRA=ETR|ruleId=…` (mail flow) or DLP names its id, `Get-TransportRule` the rule',
          owner: 'recipient',
        },
        {
          text: 'Make an exception for this sender, or narrow the rule, when it refuses what it should not',
          owner: 'recipient',
        },
        {
          text: 'Read the rule out of the reply or its link, and change what it names',
          owner: 'sender',
        },
        {
          text: 'When the rule is your own (5.7.171, 5.7.703), look in DLP and in the Tenant Allow/Block List',
          owner: 'sender',
        },
      ],
    },
    'forwarding-blocked': {
      meaning: 'The organization does not allow automatic forwarding to outside addresses.',
      steps: [
        'Check first that the forwarding is wanted: attackers set it up too ([?sender `Get-InboxRule -Mailbox {sender}`?:`Get-InboxRule`?])',
        'Allow it for those who need it: `New-HostedOutboundSpamFilterPolicy` with `-AutoForwardingMode On`, and a rule for them',
        'Else remove it: [?sender `Set-Mailbox {sender} -ForwardingSmtpAddress $null`?:`Set-Mailbox` with `-ForwardingSmtpAddress $null`?]',
      ],
      only: true,
    },
    'malformed-message': {
      meaning: 'The message is not built as the standards ask.',
      steps: [
        'Look at the headers that the sending program makes: exactly one From and Date, one Message-ID (RFC 5322 section 3.6)',
        'Let every line end with CRLF: a bare line feed is refused (5.6.11)',
        'Send it from another program: when that passes, the first program or its library needs the update',
      ],
      only: true,
    },
    'ipv6-policy': {
      meaning: 'The recipient takes no mail over IPv6, or only authenticated mail.',
      steps: [
        'Send over IPv4: switch IPv6 off in the sending program or connector, not on the whole server',
        'Or give the IPv6 address a PTR record, and make SPF or DKIM pass',
      ],
      only: true,
    },
    'outdated-server': {
      meaning: 'The sending Exchange Server is out of date; Exchange Online slows it down and then blocks it.',
      steps: [
        'See which server and since when: `Get-OnPremServerReportInfo` in Exchange Online',
        'Pause the enforcement while you update: admin centre, Reports, Mail flow, Out-of-date connecting on-premises Exchange servers',
        'Install the newest cumulative and security update on {server|that server}, or retire it',
      ],
      only: true,
    },
  },
  confirm: [
    'The same message from another sender, or another message from the same sender, is accepted: that tells which part the rule is about.',
  ],
  next: ['Ask for the headers of the refused message: they show who authenticated what'],
  attach: ['The bounce and the headers of the message'],
  see: [
    {
      title: 'NDRs in Exchange Online',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online',
    },
    {
      title: 'Email authentication',
      url: 'https://learn.microsoft.com/defender-office-365/email-authentication-about',
    },
    {
      title: 'Automatic external forwarding',
      url: 'https://learn.microsoft.com/defender-office-365/outbound-spam-policies-external-email-forwarding',
    },
    {
      title: 'Allow anonymous relay on Exchange servers',
      url: 'https://learn.microsoft.com/exchange/mail-flow/connectors/allow-anonymous-relay',
    },
    {
      title: 'Throttling and blocking of out-of-date Exchange servers',
      url: 'https://techcommunity.microsoft.com/blog/exchange/throttling-and-blocking-email-from-persistently-vulnerable-exchange-servers-to-e/3815328',
    },
    { title: 'RFC 7489: DMARC', url: 'https://www.rfc-editor.org/rfc/rfc7489' },
  ],
  related: ['ReputationBlock', 'SenderRejected', 'RecipientRejected', 'AuthFailure'],
});
