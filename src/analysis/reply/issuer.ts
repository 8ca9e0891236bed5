import { createGramIndex } from './gram-index.ts';

/**
 * Who speaks, by marks that only that system leaves: the large providers and gateways first, then the mail servers by
 * their turns of phrase. Needles are looked for in folded text.
 */
const MARKS: readonly (readonly [issuer: string, needles: readonly string[]])[] = [
  [
    'outlook.com',
    [
      '.olc.protection.outlook.com',
      'postmaster.live.com',
      'mail.live.com',
      's3140',
      's3150',
      '.hotmail.com',
      'sndsd',
      'rp-001',
      'sc-001',
      'dy-001',
      'ou-001',
      'outlook.com for policy',
    ],
  ],
  [
    'exchange-online',
    [
      '.prod.outlook.com',
      '.protection.outlook.com',
      '.prod.exchangelabs.com',
      'sender.office.com',
      'aka.ms/',
      'tenantattribution',
      'tenantinboundattribution',
      'as(2018',
      'as(4200',
      'as(7555',
      'protection.office365.us',
      'partner.outlook.cn',
      '.mx.microsoft',
      'as160126',
      'lastattemptedservername',
      'outboundproxytarget',
      'smtpsecurity=',
    ],
  ],
  ['gmail', ['gsmtp', 'support.google.com', 'google.com/mail', 'smtp-in.l.google.com', '.google.com']],
  ['yahoo', ['yahooinc.com', '.yahoo.com', 'yahoodns.net', '[tss0', '[ts0', 'yahoo.com account', 'yahoo.co']],
  ['apple', ['.icloud.com', '.apple.com', '.mac.com']],
  ['mimecast', ['mimecast']],
  ['proofpoint', ['proofpoint', 'pphosted', 'ppe-hosted', 'ppops.net']],
  ['barracuda', ['barracuda', 'bsn=']],
  ['ironport', ['senderbase', 'iphmx.com', 'ironport', 'talosintelligence']],
  ['messagelabs', ['messagelabs', 'symanteccloud', 'symantec.cloud']],
  ['trendmicro', ['trendmicro', 'in-v2c']],
  ['sophos', ['sophos', 'reflexion']],
  ['fortimail', ['fortimail', 'fortiguard']],
  ['cloudmark', ['cloudmark']],
  ['gmx', ['gmx.net', 'web.de', 'mail.com/', 'kundenserver', '1and1', 'ionos', 'ui-portal', 'emig.']],
  ['t-online', ['t-online', 'telekom.de']],
  ['orange', ['orange.fr', 'wanadoo', 'ofr_', 'ofr ']],
  ['comcast', ['comcast']],
  ['att', ['att.net', 'prodigy.net', 'bellsouth', 'attrbl']],
  ['mail.ru', ['mail.ru', 'mail.ru)']],
  ['yandex', ['yandex']],
  ['netease', ['163.com', '126.com', 'netease', 'yeah.net', 'dt:spm', ' mi:']],
  ['qq', ['mail.qq.com', 'qq.com', 'exmail']],
  ['zoho', ['zoho']],
  ['godaddy', ['secureserver.net', 'prodphx3']],
  ['amazon-ses', ['amazonses', 'amazonaws', 'amazon ses']],
  ['zimbra', ['zimbra']],
  ['domino', ['domino directory', 'listed in domino', 'lotus']],
  [
    'exchange-server',
    [
      'resolver.',
      'storedrv',
      'queue.expired',
      'smtpsend',
      'client was not authenticated',
      'primary target ip address',
      'insufficient system resources',
      'attempted failover to alternate',
      'tlscertificatename',
      'transport.rules',
      'routing.',
      'non-accepted domain',
      '5.7.1 unable to relay',
    ],
  ],
  ['amavis', ['amavis', 'reject, id=']],
  ['rspamd', ['rspamd']],
  ['spamassassin', ['spamassassin']],
  [
    'qmail',
    [
      'vpopmail',
      'sorry, no mailbox here',
      'rcpthosts',
      'badmailfrom',
      'qmail',
      '(#4.',
      '(#5.',
      'giving up on',
      'does not like recipient',
    ],
  ],
  [
    'exim',
    [
      'unrouteable address',
      'unroutable address',
      'error from remote mail server',
      'sender verify fail',
      'verification failed for',
      'callout',
      'relay not permitted',
      'all relevant mx',
      'retry timeout exceeded',
      'retry time not reached',
      'rejected rcpt',
      'exim',
    ],
  ],
  [
    'postfix',
    [
      'in reply to ',
      'recipient address rejected',
      'sender address rejected',
      'client host rejected',
      'helo command rejected',
      'relay access denied',
      'recipient table',
      'mailbox table',
      'alias table',
      'end-of-data command',
      'name service error for',
      'delivery temporarily suspended',
      'lost connection with',
      'postfix',
      'cannot find your hostname',
    ],
  ],
  [
    'sendmail',
    [
      '>... ',
      'relaying denied',
      'rewrite: ',
      'rejecting banned',
      'ruleset=',
      'sendmail',
      'local configuration error',
      'domain of sender address',
    ],
  ],
  ['courier', ['courier']],
];

const ENTRIES = MARKS.flatMap(([issuer, needles]) => needles.map((needle) => ({ issuer, needle })));
const INDEX = createGramIndex(ENTRIES.map(({ needle }) => [needle]));

/** The system whose words these are; null when nothing gives it away. */
export function identifyIssuer(folded: string): string | null {
  let best = ENTRIES.length;
  INDEX.candidates(folded, (entry) => {
    if (entry < best && folded.includes(ENTRIES[entry]?.needle ?? '')) best = entry;
  });
  return ENTRIES[best]?.issuer ?? null;
}
