import { article } from '../article.ts';

/** What to do about SenderRejected. */
export const SENDER_REJECTED = article({
  errorType: 'SenderRejected',
  title: 'Sender rejected',
  meaning: 'The server does not take mail from this sender address, account or tenant.',
  steps: [
    'Check that the sender address exists and its domain has an MX or A record: Resolve-DnsName <sender domain> -Type MX',
    'Ask the postmaster of {domain|the recipient domain} to lift the block when the sender is in order',
  ],
  causes: {
    blocked: {
      meaning: 'The sender address or account is blocked, often because it sent spam.',
      steps: [
        'Secure the account: new password, multi-factor sign-in, no foreign inbox rules or forwarding',
        'Remove it from the restricted entities: Get-BlockedSenderAddress, then Remove-BlockedSenderAddress {sender|<sender>}',
      ],
    },
    invalid: {
      meaning: 'The sender address is not valid, or its domain cannot be found.',
      steps: ['Let the program send with an address that exists and can get mail'],
    },
    'tenant-blocked': {
      meaning: 'The whole tenant may not send because of suspicious traffic.',
      steps: [
        'Find and secure compromised accounts, disable forwarding and connectors that are open',
        'Open a support case with the bounce: only Microsoft lifts the block of a tenant',
      ],
      only: true,
    },
  },
  confirm: ['Another sender of the same server is accepted by the same recipient.'],
  next: ['Look for a rise in sent mail of this account in the last days'],
  attach: ['The bounce, the account, and what was done to secure it'],
  see: [
    {
      title: 'Fix NDR 5.1.8',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-1-8-in-exchange-online',
    },
    {
      title: 'Remove blocked users',
      url: 'https://learn.microsoft.com/defender-office-365/outbound-spam-restore-restricted-users',
    },
  ],
});
