import { article } from '../article.ts';

/** What to do about RecipientRejected. */
export const RECIPIENT_REJECTED = article({
  errorType: 'RecipientRejected',
  title: 'Recipient rejected',
  meaning: 'The receiving server does not take mail for this recipient.',
  steps: [
    'Check the spelling of {recipient|the address}, and send to it anew instead of by the remembered entry of the mail program',
    'On the receiving side look the recipient up: Get-Recipient {recipient|<address>} | fl RecipientType,EmailAddresses,ExternalEmailAddress',
  ],
  causes: {
    unknown: {
      meaning: 'There is no such recipient at the receiving server.',
      steps: [
        'Delete the remembered address in Outlook when the address looks like IMCEAEX-…: it is a stale X.500 address; add it as an X500 proxy address when the mailbox was moved',
        'In a hybrid setup check that the recipient is synchronised and its targetAddress is right',
      ],
    },
    disabled: {
      meaning: 'The mailbox exists but is switched off.',
      steps: ['Ask the recipient another way; only their administrator can switch the mailbox on'],
    },
    restricted: {
      meaning: 'The recipient takes mail only from certain senders.',
      steps: [
        'Ask the owner to let the sender in: Set-DistributionGroup {recipient|<group>} -RequireSenderAuthenticationEnabled $false, or -AcceptMessagesOnlyFromSendersOrMembers',
        'When the sender should count as internal, check that the message arrives authenticated: in a hybrid setup the connector and headers must keep it so',
      ],
    },
    'not-in-tenant': {
      meaning: "The recipient is not in the tenant's directory, and the edge refuses what it does not know.",
      steps: [
        'Create or synchronise the recipient, or set the domain to internal relay: Set-AcceptedDomain {domain|<domain>} -DomainType InternalRelay',
      ],
    },
    'bad-address': {
      meaning: 'The address is not written as an address may be.',
      steps: ['Correct {recipient|the address}: one @, no spaces, no comma, a full domain'],
      only: true,
    },
    'null-mx': {
      meaning: 'The domain or host says that it takes no mail at all.',
      steps: ['Use another address: this domain takes no mail on purpose (RFC 7505)'],
      only: true,
    },
    misconfigured: {
      meaning: 'The mailbox, alias or list is set up wrongly on the receiving side.',
      steps: ['Ask the administrator of {domain|the recipient domain} to look at this mailbox; retrying does not help'],
    },
  },
  confirm: ['A probe to {recipient|the address} gets the same answer at RCPT.'],
  next: ["Ask the recipient's administrator for a trace of the time in question"],
  attach: ['The whole bounce with its part for administrators'],
  see: [
    {
      title: 'Fix NDR 5.1.1 to 5.1.20',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-550-5-1-1-through-5-1-20-in-exchange-online',
    },
    {
      title: 'Directory-based edge blocking',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/use-directory-based-edge-blocking',
    },
  ],
});
