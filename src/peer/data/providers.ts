/** Who runs mail servers, by the names that they have. */
export interface ProviderFacts {
  name: string;
  /** Ends of MX hosts, reverse names or greetings, on label boundaries; the longest match of all rows wins. */
  suffixes: readonly string[];
  /** Where the provider says how its service is. */
  statusPage?: string;
  /** Where the provider lifts a block of an address, or says how. */
  delisting?: string;
}

/**
 * MX names as the providers' own set-up pages give them (Microsoft learn.microsoft.com/defender-office-365/mail-flow-about;
 * Google support.google.com/a/answer/174125; Proofpoint, Mimecast, Cisco, Cloudflare and the others likewise), reverse names as
 * their servers have them.
 */
export const PROVIDERS: readonly ProviderFacts[] = [
  {
    name: 'Microsoft 365',
    suffixes: [
      'mail.protection.outlook.com',
      'mx.microsoft',
      'mail.protection.office365.us',
      'mail.protection.partner.outlook.cn',
      'outbound.protection.outlook.com',
      'prod.protection.outlook.com',
      'prod.outlook.com',
    ],
    statusPage: 'https://status.cloud.microsoft/',
    delisting: 'https://sender.office.com/',
  },
  {
    name: 'Outlook.com',
    suffixes: ['olc.protection.outlook.com', 'hotmail.com', 'outlook.com'],
    statusPage: 'https://portal.office.com/servicestatus',
    delisting: 'https://olcsupport.office.com/',
  },
  {
    name: 'Google Workspace',
    suffixes: ['aspmx.l.google.com', 'smtp.google.com', 'googlemail.com', 'google.com'],
    statusPage: 'https://www.google.com/appsstatus/dashboard/',
    delisting: 'https://support.google.com/mail/contact/gmail_bulk_sender_escalation',
  },
  {
    name: 'Gmail',
    suffixes: ['gmail-smtp-in.l.google.com'],
    statusPage: 'https://www.google.com/appsstatus/dashboard/',
    delisting: 'https://support.google.com/mail/contact/gmail_bulk_sender_escalation',
  },
  {
    name: 'Proofpoint',
    suffixes: ['pphosted.com', 'gpphosted.com'],
    delisting: 'https://ipcheck.proofpoint.com/',
  },
  { name: 'Proofpoint Essentials', suffixes: ['ppe-hosted.com'], delisting: 'https://ipcheck.proofpoint.com/' },
  {
    name: 'Mimecast',
    suffixes: ['mimecast.com', 'mimecast.co.za', 'mimecast-offshore.com'],
    statusPage: 'https://status.mimecast.com/',
  },
  {
    name: 'Barracuda',
    suffixes: ['barracudanetworks.com', 'cudaops.com', 'cuda-inc.com'],
    statusPage: 'https://status.barracuda.com/',
    delisting: 'https://www.barracudacentral.org/rbl/removal-request',
  },
  {
    name: 'Cisco Secure Email',
    suffixes: ['iphmx.com', 'cmd.cisco.com'],
    delisting: 'https://talosintelligence.com/reputation_center',
  },
  {
    name: 'Trend Micro',
    suffixes: ['trendmicro.com', 'trendmicro.eu', 'trendmicro.co.jp'],
    delisting: 'https://www.ers.trendmicro.com/',
  },
  { name: 'Sophos', suffixes: ['sophos.com', 'reflexion.net'], statusPage: 'https://centralstatus.sophos.com/' },
  { name: 'Forcepoint', suffixes: ['mailcontrol.com'] },
  {
    name: 'Broadcom (MessageLabs)',
    suffixes: ['messagelabs.com'],
    delisting: 'https://ipremoval.sms.symantec.com/',
  },
  { name: 'Trellix', suffixes: ['fireeyecloud.com', 'fireeyegov.com', 'trellixcloud.com'] },
  { name: 'Hornetsecurity', suffixes: ['hornetsecurity.com', 'antispameurope.com'] },
  { name: 'SpamExperts', suffixes: ['antispamcloud.com', 'spamexperts.com', 'spamexperts.net', 'spamexperts.eu'] },
  { name: 'Retarus', suffixes: ['retarus.com', 'retarus.de'] },
  {
    name: 'Cloudflare',
    suffixes: ['mx.cloudflare.net', 'mxrecord.io', 'mxrecord.mx'],
    statusPage: 'https://www.cloudflarestatus.com/',
  },
  {
    name: 'Zoho',
    suffixes: ['zoho.com', 'zoho.eu', 'zoho.in', 'zohomail.com', 'zoho.com.au'],
    statusPage: 'https://status.zoho.com/',
  },
  {
    name: 'Yahoo and AOL',
    suffixes: ['yahoodns.net', 'yahoo.com', 'aol.com'],
    delisting: 'https://senders.yahooinc.com/contact',
  },
  {
    name: 'iCloud',
    suffixes: ['mail.icloud.com', 'icloud.com', 'me.com'],
    statusPage: 'https://www.apple.com/support/systemstatus/',
    delisting: 'https://support.apple.com/102322',
  },
  { name: 'Fastmail', suffixes: ['messagingengine.com', 'fastmail.com'], statusPage: 'https://fastmailstatus.com/' },
  {
    name: 'Proton',
    suffixes: ['protonmail.ch', 'proton.ch', 'protonmail.com'],
    statusPage: 'https://status.proton.me/',
  },
  {
    name: 'GMX and WEB.DE',
    suffixes: ['gmx.net', 'web.de', 'gmx.com'],
    delisting: 'https://postmaster.gmx.net/en/contact',
  },
  {
    name: 'IONOS',
    suffixes: ['ionos.com', 'ionos.de', 'ionos.co.uk', '1and1.com', '1und1.de', 'kundenserver.de', 'perfora.net'],
  },
  {
    name: 'OVHcloud',
    suffixes: ['mail.ovh.net', 'ovh.net', 'ovh.ca'],
    statusPage: 'https://web-cloud.status-ovhcloud.com/',
  },
  { name: 'Amazon SES', suffixes: ['amazonses.com'], statusPage: 'https://health.aws.amazon.com/' },
  { name: 'Amazon WorkMail', suffixes: ['awsapps.com'], statusPage: 'https://health.aws.amazon.com/' },
  { name: 'Amazon Web Services', suffixes: ['amazonaws.com'], statusPage: 'https://health.aws.amazon.com/' },
  {
    name: 'Mailgun',
    suffixes: ['mailgun.org', 'mailgun.net', 'mailgun.com'],
    statusPage: 'https://status.mailgun.com/',
  },
  { name: 'SendGrid', suffixes: ['sendgrid.net', 'sendgrid.com'], statusPage: 'https://status.sendgrid.com/' },
  { name: 'Yandex', suffixes: ['mx.yandex.net', 'yandex.net', 'yandex.ru', 'yandex.com'] },
  { name: 'VK (mail.ru)', suffixes: ['mxs.mail.ru', 'mail.ru', 'emx.mail.ru'] },
  { name: 'Tencent', suffixes: ['qq.com', 'exmail.qq.com'] },
  { name: 'NetEase', suffixes: ['netease.com', '163.com', 'qiye163.com', 'ym.163.com'] },
  { name: 'Alibaba', suffixes: ['mxhichina.com', 'qiye.aliyun.com'] },
  { name: 'Rackspace', suffixes: ['emailsrvr.com'], statusPage: 'https://status.apps.rackspace.com/' },
  { name: 'GoDaddy', suffixes: ['secureserver.net'], statusPage: 'https://status.godaddy.com/' },
  { name: 'Namecheap', suffixes: ['privateemail.com', 'registrar-servers.com'] },
  { name: 'Gandi', suffixes: ['mail.gandi.net'], statusPage: 'https://status.gandi.net/' },
  { name: 'Infomaniak', suffixes: ['infomaniak.ch'] },
  { name: 'Strato', suffixes: ['rzone.de'] },
  { name: 'Hostinger', suffixes: ['hostinger.com', 'titan.email'] },
  { name: 'DreamHost', suffixes: ['dreamhost.com'], statusPage: 'https://www.dreamhoststatus.com/' },
  { name: 'mailbox.org', suffixes: ['mailbox.org'] },
  { name: 'Migadu', suffixes: ['migadu.com'] },
  { name: 'ImprovMX', suffixes: ['improvmx.com'] },
];
