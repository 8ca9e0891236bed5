import { article } from '../article.ts';

const GENERAL = {
  meaning: 'The receiving side refuses mail from the address of the sending server because of its reputation.',
};

/** What to do about ReputationBlock. */
export const REPUTATION_BLOCK = article({
  errorType: 'ReputationBlock',
  title: 'Reputation block',
  meaning: GENERAL.meaning,
  steps: [
    'Find the sending address in the reply [?senderIp ({senderIp}) ?]and look up who lists it: the reply names the list, else ask mxtoolbox.com or multirbl.valli.org',
    'Find the cause before asking for removal: compromised account or web form, missing SPF, DKIM and DMARC, a bulk job, a shared address',
    'Ask for removal at the list that the reply names; for Exchange Online at https://sender.office.com (up to 24 hours)',
    'Make reverse DNS, EHLO name and SPF of the server agree',
  ],
  causes: {
    'ip-reputation': GENERAL,
    'listed-ip': {
      meaning: 'The address of the sending server is on a block list.',
      steps: ['Open the link in the reply: it shows the reason and the way off the list'],
    },
    'banned-ip': {
      meaning: 'The service has banned the address of the sending server.',
      steps: [
        '5.7.606 to 5.7.649: use https://sender.office.com. 5.7.511: the portal cannot lift it; mail the bounce with the address to delist@microsoft.com (answer within 48 hours)',
      ],
    },
    'low-reputation': {
      meaning: 'The address or domain of the sender has a poor reputation, so its mail is slowed down or refused.',
      steps: [
        'Send less and only to people who expect it until the reputation recovers; watch SNDS (Outlook.com), Postmaster Tools (Gmail) and the sender hub (Yahoo)',
      ],
    },
  },
  confirm: ['The same message is accepted when it is sent through another address.'],
  next: [
    'Ask whether the message left by the high risk pool (OutboundIpPoolName in the trace): then the content or the account is the reason',
  ],
  attach: ['The bounce, the sending address, and what was done about the cause'],
  see: [
    {
      title: 'Delist portal',
      url: 'https://learn.microsoft.com/defender-office-365/external-senders-use-the-delist-portal-to-unblock-yourself',
    },
    {
      title: 'High-risk delivery pool',
      url: 'https://learn.microsoft.com/defender-office-365/outbound-spam-high-risk-delivery-pool-about',
    },
  ],
});
