import { article } from '../article.ts';

/** What to do about PolicyRejected. */
export const POLICY_REJECTED = article({
  errorType: 'PolicyRejected',
  title: 'Rejected by policy',
  meaning: 'The server understood the message and refuses it by a rule.',
  steps: [
    'Read the rule out of the reply or its link; ask the postmaster of {domain|the recipient domain} when it names none',
    "When the rule is your own, find it: Get-MessageTrackingLog or the trace's TRA and DLP entries name its id",
  ],
  causes: {
    spf: {
      meaning: "The sending server is not in the SPF record of the sender's domain.",
      steps: [
        'Add the server to the SPF record of the sender domain: Resolve-DnsName <sender domain> -Type TXT shows it; at most ten lookups',
        'When the message was forwarded, SPF breaks by design: sign with DKIM',
      ],
    },
    dkim: {
      meaning: 'The DKIM signature is missing or does not hold.',
      steps: [
        'Switch DKIM on for the domain: Set-DkimSigningConfig -Identity <sender domain> -Enabled $true, and publish both selector records',
        'Nothing may change the message after signing: check footers and gateways',
      ],
    },
    dmarc: {
      meaning:
        'The message is not authenticated for the domain in its From line, and the domain or the receiver asks for that.',
      steps: [
        'Make SPF or DKIM pass for the same domain as in From (alignment)',
        'Look at the Authentication-Results header of a message that arrived, to see which of them fails',
      ],
    },
    content: {
      meaning: 'A filter refuses what is in the message.',
      steps: [
        'Send a plain message without links and attachments: when it arrives, take the parts back one by one',
        'Report a false positive to the filter that the reply names',
      ],
    },
    'ptr-missing': {
      meaning: 'The address of the sending server has no matching name in reverse DNS.',
      steps: [
        'Ask the provider of the address [?senderIp {senderIp} ?]for a PTR record that names the server, and let that name resolve back to the address',
        'Use the same name in EHLO',
      ],
    },
    'relay-denied': {
      meaning: 'The server does not accept mail for this domain from this sender.',
      steps: [
        'Check that the MX of {domain|the domain} names the right server: Resolve-DnsName {domain|<domain>} -Type MX',
        'On the receiving server add the domain: Get-AcceptedDomain, then New-AcceptedDomain',
        'When the sender is a device of your own, give it a relay connector: Set-ReceiveConnector with its RemoteIPRanges and the Ms-Exch-SMTP-Accept-Any-Recipient right, or let it log in',
      ],
      only: true,
    },
    policy: { meaning: 'The server refuses the message by a rule of its own.' },
    'forwarding-blocked': {
      meaning: 'The organization does not allow automatic forwarding to outside addresses.',
      steps: [
        'Allow it for those who need it: a custom outbound spam policy with automatic forwarding on',
        'Else remove the forwarding: Set-Mailbox {sender|<mailbox>} -ForwardingSmtpAddress $null',
      ],
      only: true,
    },
    'malformed-message': {
      meaning: 'The message is not built as the standards ask.',
      steps: [
        'Look at the headers that the sending program makes: exactly one From, Date and Message-ID, lines end with CRLF (RFC 5322 section 3.6)',
      ],
    },
    'ipv6-policy': {
      meaning: 'The recipient takes no mail over IPv6, or only authenticated mail.',
      steps: ['Send over IPv4, or make SPF or DKIM pass and give the IPv6 address a PTR record'],
    },
    'outdated-server': {
      meaning: 'The sending Exchange Server is out of date; Exchange Online slows it down and then blocks it.',
      steps: [
        'Install the newest cumulative and security update on {server|the server}, or retire it',
        'Pause the enforcement for a while in the admin centre: Mail flow, Out-of-date connecting on-premises Exchange servers',
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
  ],
});
