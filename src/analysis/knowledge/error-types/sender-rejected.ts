import { article } from '../article.ts';

/** What to do about SenderRejected. */
export const SENDER_REJECTED = article({
  errorType: 'SenderRejected',
  title: 'Sender rejected',
  meaning: 'The server does not take mail from this sender address, account or tenant.',
  steps: [
    'When the sender is in order, ask the postmaster of {domain|the recipient domain} to lift the block, with the bounce',
  ],
  causes: {
    blocked: {
      meaning: 'The sender address or account is blocked, often because it sent spam.',
      steps: [
        'Secure the account first: new password, sessions revoked, multi-factor sign-in, no foreign inbox rules or forwarding',
        'See whether Exchange Online restricted it: [?sender `Get-BlockedSenderAddress -SenderAddress {sender}`?:`Get-BlockedSenderAddress`?]',
        'Then unblock it: [?sender `Remove-BlockedSenderAddress -SenderAddress {sender}`?:`Remove-BlockedSenderAddress`?] (Defender portal: Restricted entities)',
      ],
    },
    invalid: {
      meaning: 'The sender address is not valid, or its domain cannot be found.',
      steps: [
        'Check the domain of the sender: [?senderDomain `Resolve-DnsName {senderDomain} -Type MX`?:`Resolve-DnsName` with `-Type MX`?] must find an MX or A record',
        'Let the program send with an address that exists and can get mail',
        'Check that the account may send as that address: `Get-RecipientPermission` for Send As, `Get-AcceptedDomain` for the domain',
      ],
    },
    'tenant-blocked': {
      meaning: 'The whole tenant may not send because of suspicious traffic (5.7.700 to 5.7.750).',
      steps: [
        'Find and secure compromised accounts, and remove open connectors and forwarding: what sent the most is in the message trace',
        'For 5.7.750, add and verify every domain that sends: `Get-AcceptedDomain`',
        'Open a support case with the bounce and what was cleaned: only Microsoft lifts the block of a tenant',
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
      title: 'Fix NDR 5.7.700 to 5.7.750',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-7-700-through-5-7-750',
    },
    {
      title: 'Remove blocked users from Restricted entities',
      url: 'https://learn.microsoft.com/defender-office-365/outbound-spam-restore-restricted-users',
    },
  ],
  related: ['ReputationBlock', 'PolicyRejected', 'AuthFailure'],
});
