import { oneServer, SANDBOX_DOMAIN, type Site } from './site.ts';

/**
 * Every domain of the sandbox. A row here is all it takes to add one: addresses, DNS, certificates, servers, help and
 * completion are made from it. Addresses follow the order, so new rows go to the end. Replies are worded as Exchange,
 * Exchange Online and Postfix word them (learn.microsoft.com, "Email non-delivery reports in Exchange Online").
 */
export const SITES: readonly Site[] = [
  {
    name: 'healthy',
    what: 'takes mail: TLS 1.3, valid certificate',
    mx: oneServer({}),
    records: [
      {
        name: `_dmarc.healthy.${SANDBOX_DOMAIN}`,
        type: 'TXT',
        data: 'v=DMARC1; p=reject; rua=mailto:dmarc@healthy.sandbox.test',
      },
      {
        name: `_smtp._tls.healthy.${SANDBOX_DOMAIN}`,
        type: 'TXT',
        data: 'v=TLSRPTv1; rua=mailto:tls@healthy.sandbox.test',
      },
    ],
  },
  { name: 'refused', what: 'connection refused', mx: oneServer({ closed: true }) },
  { name: 'silent', what: 'connects, but no banner ever comes', mx: oneServer({ silent: true }) },
  { name: 'expired', what: 'certificate expired three days ago', mx: oneServer({ certificate: 'expired' }) },
  { name: 'wrongname', what: 'certificate for another name', mx: oneServer({ certificate: 'wrong-name' }) },
  { name: 'selfsigned', what: 'self-signed certificate', mx: oneServer({ certificate: 'self-signed' }) },
  {
    name: 'incomplete',
    what: 'intermediate certificate missing from the chain',
    mx: oneServer({ certificate: 'incomplete-chain' }),
  },
  { name: 'tls10', what: 'speaks TLS 1.0 only', mx: oneServer({ tls: 'tls1.0' }) },
  { name: 'notls', what: 'does not offer STARTTLS', mx: oneServer({ tls: 'none' }) },
  {
    name: 'starttlsbusy',
    what: 'offers STARTTLS and then refuses it',
    mx: oneServer({ replies: { starttls: '454 4.7.0 TLS not available due to temporary reason' } }),
  },
  { name: 'reset', what: 'connection reset during the TLS handshake', mx: oneServer({ resetsTls: true }) },
  {
    name: 'throttled',
    what: 'server busy: the sender is throttled at MAIL FROM',
    shownBy: { mailbox: 'monitor' },
    mx: oneServer({
      replies: { mail: '451 4.7.500 Server busy. Please try again later from [{client}]. (S77719) [{host}]' },
    }),
  },
  {
    name: 'proxyfail',
    what: 'accepts the recipient, then the front end cannot reach the back end (PRX2)',
    shownBy: { mailbox: 'monitor', options: '--depth submit' },
    mx: oneServer({
      replies: { endOfData: '451 4.7.0 Temporary server error. Please try again later. PRX2 [{host}]' },
    }),
  },
  { name: 'slow', what: 'works, but each reply takes 700 ms', mx: oneServer({ delayMs: 700 }) },
  { name: 'pool', what: 'one of its two addresses refuses', mx: [{ servers: [{ closed: true }, {}] }] },
  {
    name: 'greylist',
    what: 'defers the first try; works again ten seconds later',
    shownBy: { mailbox: 'monitor' },
    mx: oneServer({ greylistS: 10 }),
  },
  {
    name: 'blocked',
    what: 'turns us away at the banner: our address is on a block list',
    mx: [
      {
        reverse: false,
        servers: [
          {
            replies: {
              banner:
                '554 5.7.1 Service unavailable; Client host [{client}] blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/{client}',
            },
          },
        ],
      },
    ],
  },
  {
    name: 'mangled',
    what: 'a firewall rewrites the banner and hides STARTTLS',
    mx: oneServer({
      tls: 'none',
      capabilities: ['SIZE 1048576', 'PIPELINING', 'DSN', 'XXXXXXXA', '8BITMIME', 'XXXXXXXB'],
      replies: { banner: '220 ****************************************************' },
    }),
  },
  {
    name: 'attribution',
    what: 'the service cannot find the tenant (ATTR)',
    shownBy: { mailbox: 'monitor' },
    mx: oneServer({ replies: { rcpt: '451 4.3.2 Temporary server error. Please try again later ATTR17 [{host}]' } }),
  },
  {
    name: 'replication',
    what: 'takes the message and cannot make its shadow copy',
    shownBy: { mailbox: 'monitor', options: '--depth submit' },
    mx: oneServer({
      replies: {
        endOfData:
          '451 4.4.28 Message failed to be replicated: no healthy secondary server available to accept replica at this time [{host}]',
      },
    }),
  },
  {
    name: 'backup',
    what: 'the first MX refuses, the second works',
    mx: [{ servers: [{ closed: true }] }, { servers: [{}] }],
  },
  { name: 'nxdomain', what: 'the domain does not exist', dns: 'nxdomain' },
  { name: 'servfail', what: 'the name server fails', dns: 'servfail' },
  { name: 'dnstimeout', what: 'the name server does not answer', dns: 'silent' },
  {
    name: 'nullmx',
    what: 'says by a null MX that it takes no mail',
    records: [{ name: `nullmx.${SANDBOX_DOMAIN}`, type: 'MX', data: { preference: 0, exchange: '.' } }],
  },
  { name: 'noaddress', what: 'its MX host has no address', mx: [{ servers: [] }] },
  {
    name: 'alias',
    what: 'works, but its MX points to a CNAME',
    mx: [{ alias: 'mail', servers: [{}] }],
  },
  {
    name: 'dane',
    what: 'its TLSA record names another key: DANE senders refuse',
    mx: oneServer({}),
    signed: true,
    records: [
      {
        name: `_25._tcp.mx1.dane.${SANDBOX_DOMAIN}`,
        type: 'TLSA',
        data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 0x5a) },
      },
    ],
  },
];
