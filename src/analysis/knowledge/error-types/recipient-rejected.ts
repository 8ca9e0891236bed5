import { article } from '../article.ts';

const LOOK_UP =
  'On the receiving side, look it up: [?recipient `Get-Recipient {recipient} | fl RecipientType,EmailAddresses`?:`Get-Recipient` with the address?]';

/** What to do about RecipientRejected. */
export const RECIPIENT_REJECTED = article({
  errorType: 'RecipientRejected',
  title: 'Recipient rejected',
  meaning: 'The receiving server does not take mail for this recipient.',
  steps: [
    '[?final Send the message again after that: a 5xx answer is final and is not retried?:Wait for the next retry after that; only after a 5xx answer send the message again?]',
  ],
  causes: {
    unknown: {
      meaning: 'There is no such recipient at the receiving server.',
      steps: [
        'Check the spelling of {recipient|the address}, and type it anew: delete the remembered entry in Outlook',
        'Ask the recipient another way whether the address still exists',
        LOOK_UP,
        'For an address like `IMCEAEX-…`, add it as an X500 proxy address to the mailbox: it is a stale X.500 address',
        'In a hybrid setup, check that the recipient is synchronised and its `targetAddress` is right',
      ],
    },
    disabled: {
      meaning: 'The mailbox exists but is switched off.',
      steps: [
        'Ask {recipient|the recipient} another way; only their administrator can switch the mailbox on',
        'On the receiving side, check the account: [?recipient `Get-Mailbox {recipient} | fl AccountDisabled,IsMailboxEnabled`?:`Get-Mailbox`, fields `AccountDisabled` and `IsMailboxEnabled`?]',
      ],
    },
    restricted: {
      meaning: 'The recipient takes mail only from certain senders.',
      steps: [
        'Ask the owner of {recipient|the mailbox or group} to let the sender in; the sender can do nothing else',
        'See the restriction: [?recipient `Get-DistributionGroup {recipient} | fl Require*,Accept*`?:`Get-DistributionGroup | fl Require*,Accept*`?] (`Get-Mailbox` for a mailbox)',
        'Let outsiders write to a group: [?recipient `Set-DistributionGroup {recipient} -RequireSenderAuthenticationEnabled $false`?:`Set-DistributionGroup` with `-RequireSenderAuthenticationEnabled $false`?]',
        'When the sender should count as internal, check the hybrid connector: `AuthAs: Internal` must survive in the headers',
      ],
    },
    'not-in-tenant': {
      meaning: "The recipient is not in the tenant's directory, and the edge refuses what it does not know (DBEB).",
      steps: [
        'Check the spelling of {recipient|the address}',
        'Create or synchronise the recipient in the tenant; the edge learns of it a while later',
        'While addresses live elsewhere, relay: [?domain `Set-AcceptedDomain {domain} -DomainType InternalRelay`?:`Set-AcceptedDomain` with `-DomainType InternalRelay`?]',
      ],
    },
    'bad-address': {
      meaning: 'The address is not written as an address may be.',
      steps: [
        'Correct {recipient|the address}: one @, no spaces, no comma, a full domain',
        'Look at the program that made it: a display name, quotes or a list separator may have slipped in',
      ],
      only: true,
    },
    'null-mx': {
      meaning: 'The domain or host says that it takes no mail at all (RFC 7504, RFC 7505).',
      steps: ['Use another address: {domain|this domain} takes no mail on purpose; retrying does not help'],
      only: true,
    },
    misconfigured: {
      meaning: 'The mailbox, alias or list is set up wrongly on the receiving side.',
      steps: [
        'Send the bounce to the administrator of {domain|the recipient domain}: this one mailbox is set up wrongly',
        LOOK_UP,
        'Look for forwarding, an alias or a rule of {recipient|the recipient} that points to an address that does not exist',
      ],
    },
  },
  confirm: [
    'A probe to {recipient|the address} gets the same answer at RCPT, another recipient of the domain is accepted.',
  ],
  next: ["Ask the recipient's administrator for a trace of the time in question"],
  attach: ['The whole bounce with its part for administrators'],
  see: [
    {
      title: 'Fix NDR 5.1.1 to 5.1.20',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-550-5-1-1-through-5-1-20-in-exchange-online',
    },
    {
      title: 'Fix NDR 5.1.10',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-550-5-1-10-in-exchange-online',
    },
    {
      title: 'Fix NDR 5.7.133 (senders outside the organization)',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-7-133-in-exchange-online',
    },
    {
      title: 'Directory-based edge blocking',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/use-directory-based-edge-blocking',
    },
  ],
  related: ['MailboxFull', 'PolicyRejected', 'RoutingFailure'],
});
