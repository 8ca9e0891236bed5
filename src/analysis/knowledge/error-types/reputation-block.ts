import { article } from '../article.ts';

const GENERAL = {
  meaning: 'The receiving side refuses mail from the address of the sending server because of its reputation.',
};
const WHOSE = {
  text: 'Check whose address it is: a probe shows the one of the machine it runs on, which need not be the one your mail leaves from',
  tried: ['probe' as const],
};
const FIND_CAUSE = {
  text: 'Stop the cause before asking for removal: a compromised account or web form, a bulk job, other senders behind the same address',
  owner: 'sender' as const,
};

/** What to do about ReputationBlock. */
export const REPUTATION_BLOCK = article({
  errorType: 'ReputationBlock',
  title: 'Reputation block',
  meaning: GENERAL.meaning,
  steps: [
    {
      text: 'Make reverse DNS, EHLO name and SPF of the sending server agree: [?senderIp `/peer {senderIp}`?:`/peer` with its address?] shows all three',
      owner: 'sender',
    },
  ],
  causes: {
    'ip-reputation': {
      ...GENERAL,
      steps: [
        WHOSE,
        {
          text: 'Find who lists the sending address: [?senderIp `/peer {senderIp}`?:`/peer` with the address that the reply names?]',
          owner: 'sender',
        },
        FIND_CAUSE,
        {
          text: 'Ask for removal at the list that the reply names; for Exchange Online at `https://sender.office.com` (up to 24 hours)',
          owner: 'sender',
        },
        {
          text: 'On the receiving side, take the sender off your own block list: `Get-HostedConnectionFilterPolicy | fl IPBlockList`, Tenant Allow/Block List',
          owner: 'recipient',
        },
        {
          text: 'When the block is meant, tell the sender so; when it is not, allow the address: `Set-HostedConnectionFilterPolicy` with `-IPAllowList`',
          owner: 'recipient',
        },
      ],
    },
    'listed-ip': {
      meaning: 'The address of the sending server is on a block list.',
      steps: [
        WHOSE,
        'Open the link in the reply: it shows the reason and the way off the list',
        FIND_CAUSE,
        'Ask for removal there; without a link, [?senderIp `/peer {senderIp}`?:`/peer` with the sending address?] says which lists hold it',
      ],
    },
    'banned-ip': {
      meaning: 'The service has banned the address of the sending server.',
      steps: [
        WHOSE,
        FIND_CAUSE,
        'For 5.7.606 to 5.7.649, ask for removal at `https://sender.office.com` with the address in the reply (up to 24 hours)',
        'For 5.7.511 the portal cannot help: mail the whole bounce with the address to `delist@microsoft.com` (answer within 48 hours)',
      ],
    },
    'low-reputation': {
      meaning: 'The address or domain of the sender has a poor reputation, so its mail is slowed down or refused.',
      steps: [
        WHOSE,
        FIND_CAUSE,
        'Send less, and only to people who expect it, until the reputation recovers; remove addresses that bounce',
        'Watch what the provider sees: SNDS (Outlook.com), Postmaster Tools (Gmail), Sender Hub (Yahoo)',
      ],
    },
  },
  confirm: [
    'The same message is accepted when it is sent through another address.',
    '[?senderIp `/peer {senderIp}`?:`/peer` with the sending address?] names the list.',
  ],
  next: [
    'Look at `OutboundIpPoolName` in the extended trace: the high risk pool means that the content or the account is the reason',
  ],
  attach: ['The bounce, the sending address, and what was done about the cause'],
  see: [
    {
      title: 'Delist portal and 5.7.511',
      url: 'https://learn.microsoft.com/defender-office-365/external-senders-use-the-delist-portal-to-unblock-yourself',
    },
    {
      title: 'High-risk delivery pool',
      url: 'https://learn.microsoft.com/defender-office-365/outbound-spam-high-risk-delivery-pool-about',
    },
  ],
  related: ['PolicyRejected', 'SenderRejected', 'ServerBusy'],
});
