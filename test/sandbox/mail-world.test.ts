import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailWorld, startMailWorld } from '../../src/sandbox/mail-world.ts';
import { SITES } from '../../src/sandbox/sites.ts';
import { openClient, type RawClient } from './raw-client.ts';

let world: MailWorld;
let elapsed = 0;
const resolver = new Resolver({ timeout: 2000, tries: 1 });
const clients: RawClient[] = [];

beforeAll(async () => {
  world = await startMailWorld({ clock: { now: () => new Date(), elapsed: () => elapsed } });
  resolver.setServers([world.dnsServer]);
});
afterAll(() => world.stop());
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** The addresses of a domain, found as a sender finds them. */
async function addressesOf(domain: string): Promise<{ host: string; ip: string }[]> {
  const mx = await resolver.resolveMx(domain);
  mx.sort((a, b) => a.priority - b.priority);
  const found = await Promise.all(
    mx.map(async ({ exchange }) => (await resolver.resolve4(exchange)).map((ip) => ({ host: exchange, ip }))),
  );
  return found.flat();
}

async function open(name: string, port = 25, index = 0): Promise<{ client: RawClient; host: string }> {
  const target = (await addressesOf(`${name}.sandbox.test`))[index];
  if (target === undefined) throw new Error(`${name} has no address ${index}`);
  const client = await openClient(world.dial(target.ip, port));
  clients.push(client);
  return { client, host: target.host };
}

/** Over TLS up to the second EHLO. */
async function openSecure(name: string): Promise<{ client: RawClient; host: string }> {
  const { client, host } = await open(name);
  await client.reply();
  await client.startTls({ servername: host, ca: world.ca });
  await client.ask('EHLO probe.example');
  return { client, host };
}

const MESSAGE = 'Subject: probe 1\r\nMessage-ID: <one@probe.example>\r\n\r\nHello.\r\n';

describe('healthy', () => {
  it('greets, offers and closes as Exchange does', async () => {
    const { client, host } = await open('healthy');
    expect(host).toBe('mx1.healthy.sandbox.test');
    expect(await client.reply()).toMatch(
      /^220 mx1\.healthy\.sandbox\.test Microsoft ESMTP MAIL Service ready at \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000 \[[0-9A-F]{16}\]$/,
    );
    expect((await client.ask('EHLO probe.example')).split('\n').map((line) => line.slice(4))).toEqual([
      'mx1.healthy.sandbox.test Hello [198.51.100.25]',
      'SIZE 1048576',
      'PIPELINING',
      'DSN',
      'ENHANCEDSTATUSCODES',
      'STARTTLS',
      '8BITMIME',
      'BINARYMIME',
      'CHUNKING',
      'SMTPUTF8',
    ]);
    expect(await client.ask('QUIT')).toBe('221 2.0.0 Service closing transmission channel');
    expect(await client.ended()).toBe('');
  });

  it('has a certificate that the root of the sandbox vouches for, and nobody else', async () => {
    const trusting = await open('healthy');
    await trusting.client.reply();
    const secured = await trusting.client.startTls({ servername: trusting.host, ca: world.ca });
    expect([secured.authorized, secured.getProtocol()]).toEqual([true, 'TLSv1.3']);
    expect(await trusting.client.ask('EHLO probe.example')).not.toContain('STARTTLS');

    const other = await open('healthy');
    await other.client.reply();
    await expect(other.client.startTls({ servername: other.host })).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('speaks TLS from the first byte at port 465', async () => {
    const [target] = await addressesOf('healthy.sandbox.test');
    const socket = tlsConnect({ ...world.dial(target?.ip ?? '', 465), servername: target?.host ?? '', ca: world.ca });
    const banner = await new Promise<string>((resolve, reject) => {
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      socket.once('error', reject);
    });
    expect(banner).toMatch(/^220 mx1\.healthy/);
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it.each(['DATA', 'BDAT'] as const)('takes a message by %s', async (via) => {
    const { client } = await openSecure('healthy');
    expect(await client.ask('MAIL FROM:<> SIZE=200 BODY=8BITMIME')).toBe('250 2.1.0 Sender OK');
    expect(await client.ask(`RCPT TO:<${world.mailbox}> NOTIFY=NEVER`)).toBe('250 2.1.5 Recipient OK');
    const before = world.received().length;
    const octets = Buffer.byteLength(MESSAGE);
    if (via === 'DATA') {
      expect(await client.ask('DATA')).toBe('354 Start mail input; end with <CRLF>.<CRLF>');
      client.write(`${MESSAGE}.\r\n`);
    } else {
      client.write(`BDAT 10\r\n${MESSAGE.slice(0, 10)}`);
      expect(await client.reply()).toBe('250 2.6.0 CHUNK received OK, 10 octets');
      client.write(`BDAT ${octets - 10} LAST\r\n${MESSAGE.slice(10)}`);
    }
    expect(await client.reply()).toMatch(
      new RegExp(
        `^250 2\\.6\\.0 <one@probe\\.example> \\[InternalId=\\d+, Hostname=mx1\\.healthy\\.sandbox\\.test\\] ${octets} bytes in \\d+\\.\\d{3}, \\d+\\.\\d{3} KB/sec Queued mail for delivery$`,
      ),
    );
    expect(world.received().slice(before)).toEqual([
      {
        at: expect.any(Date),
        host: 'mx1.healthy.sandbox.test',
        from: '',
        recipients: [world.mailbox],
        octets,
        subject: 'probe 1',
        messageId: '<one@probe.example>',
        via,
        secure: true,
      },
    ]);
  });

  it.each([
    ['postmaster@healthy.sandbox.test', /^250 2\.1\.5 /],
    ['Postmaster', /^250 2\.1\.5 /],
    ['MONITOR@HEALTHY.sandbox.test', /^250 2\.1\.5 /],
    ['nobody@healthy.sandbox.test', /^550 5\.1\.1 User unknown/],
    ['constructor@healthy.sandbox.test', /^550 5\.1\.1 User unknown/],
    ['mailboxfull@healthy.sandbox.test', /^552 5\.2\.2 mailbox full; the quota of mailboxfull@healthy\.sandbox\.test/],
    ['restricted@healthy.sandbox.test', /^550 5\.7\.133 RESOLVER\.RST\.SenderNotAuthenticatedForGroup/],
    ['kim@fabrikam.example', /^550 5\.7\.54 SMTP; Unable to relay recipient in non-accepted domain$/],
    ['@healthy.sandbox.test', /^501 5\.1\.3 /],
  ])('answers RCPT for %s', async (address, expected) => {
    const { client } = await open('healthy');
    await client.reply();
    await client.ask('EHLO probe.example');
    await client.ask('MAIL FROM:<sender@contoso.example>');
    expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(expected);
  });
});

describe('certificates and TLS', () => {
  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrongname', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['selfsigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['incomplete', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('%s fails with %s', async (name, code) => {
    const { client, host } = await open(name);
    await client.reply();
    await expect(client.startTls({ servername: host, ca: world.ca })).rejects.toMatchObject({ code });
  });

  it('expired ended three days ago', async () => {
    const { client, host } = await open('expired');
    await client.reply();
    const secured = await client.startTls({ servername: host, ca: world.ca, rejectUnauthorized: false });
    const days = (Date.now() - Date.parse(secured.getPeerCertificate().valid_to)) / 86_400_000;
    expect(days).toBeGreaterThan(2.9);
    expect(days).toBeLessThan(3.1);
  });

  it('tls10 refuses modern clients and talks with those that go down to TLS 1.0', async () => {
    const modern = await open('tls10');
    await modern.client.reply();
    await expect(modern.client.startTls({ servername: modern.host, ca: world.ca })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
    const old = await open('tls10');
    await old.client.reply();
    const secured = await old.client.startTls({
      servername: old.host,
      ca: world.ca,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect([secured.getProtocol(), secured.authorized]).toEqual(['TLSv1', true]);
    expect(await old.client.ask('EHLO probe.example')).toMatch(/^250-/);
  });

  it('notls does not offer STARTTLS and refuses it', async () => {
    const { client } = await open('notls');
    await client.reply();
    expect(await client.ask('EHLO probe.example')).not.toContain('STARTTLS');
    expect(await client.ask('STARTTLS')).toMatch(/^502 /);
  });

  it('starttlsbusy offers STARTTLS and answers 454', async () => {
    const { client } = await open('starttlsbusy');
    await client.reply();
    expect(await client.ask('EHLO probe.example')).toContain('250-STARTTLS');
    expect(await client.ask('STARTTLS')).toMatch(/^454 4\.7\.0 /);
    expect(await client.ask('MAIL FROM:<>')).toMatch(/^250 /);
  });

  it('reset breaks the handshake with a TCP reset', async () => {
    const { client, host } = await open('reset');
    await client.reply();
    await expect(client.startTls({ servername: host })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('mangled stars out the banner and masks STARTTLS', async () => {
    const { client } = await open('mangled');
    expect(await client.reply()).toMatch(/^220 \*{20,}$/);
    const offered = await client.ask('EHLO probe.example');
    expect(offered).toContain('XXXXXXXA');
    expect(offered).not.toContain('STARTTLS');
  });
});

describe('connections', () => {
  it('alias works and has a certificate for the name that its MX gives', async () => {
    const { client, host } = await open('alias');
    expect(host).toBe('mail.alias.sandbox.test');
    expect(await client.reply()).toMatch(/^220 mx1\.alias\.sandbox\.test /);
    expect((await client.startTls({ servername: host, ca: world.ca })).authorized).toBe(true);
  });

  it('refused refuses, and so does every address that is not in the sandbox', async () => {
    const [target] = await addressesOf('refused.sandbox.test');
    for (const ip of [target?.ip ?? '', '192.0.2.1', '127.0.0.1', '::1', 'nonsense']) {
      await expect(openClient(world.dial(ip, 25))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it('pool refuses at its first address and works at its second', async () => {
    const addresses = await addressesOf('pool.sandbox.test');
    expect(addresses.map(({ host }) => host)).toEqual(['mx1.pool.sandbox.test', 'mx1.pool.sandbox.test']);
    await expect(open('pool', 25, 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await (await open('pool', 25, 1)).client.reply()).toMatch(/^220 /);
  });

  it('backup refuses at its first MX and works at its second', async () => {
    const addresses = await addressesOf('backup.sandbox.test');
    expect(addresses.map(({ host }) => host)).toEqual(['mx1.backup.sandbox.test', 'mx2.backup.sandbox.test']);
    await expect(open('backup', 25, 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await (await open('backup', 25, 1)).client.reply()).toMatch(/^220 mx2\.backup/);
  });

  it('silent says nothing, not even when spoken to', async () => {
    const { client } = await open('silent');
    client.write('EHLO probe.example\r\nQUIT\r\n');
    await sleep(300);
    expect(client.unread).toBe('');
    expect(client.socket.readyState).toBe('open');
  });

  it('slow takes about 700 ms for each reply and works', async () => {
    const { client } = await open('slow');
    const started = performance.now();
    expect(await client.reply()).toMatch(/^220 /);
    const banner = performance.now();
    expect(await client.ask('EHLO probe.example')).toMatch(/^250-/);
    expect(banner - started).toBeGreaterThan(600);
    expect(performance.now() - banner).toBeGreaterThan(600);
  });
});

describe('replies', () => {
  it('throttled defers at MAIL FROM as Exchange Online words it', async () => {
    const { client } = await openSecure('throttled');
    expect(await client.ask('MAIL FROM:<>')).toBe(
      '451 4.7.500 Server busy. Please try again later from [198.51.100.25]. (S77719) [mx1.throttled.sandbox.test]',
    );
    expect(await client.ask('RCPT TO:<monitor@throttled.sandbox.test>')).toMatch(/^503 /);
  });

  it.each([
    [
      'proxyfail',
      'DATA',
      '451 4.7.0 Temporary server error. Please try again later. PRX2 [mx1.proxyfail.sandbox.test]',
    ],
    [
      'proxyfail',
      'BDAT',
      '451 4.7.0 Temporary server error. Please try again later. PRX2 [mx1.proxyfail.sandbox.test]',
    ],
    [
      'replication',
      'DATA',
      '451 4.4.28 Message failed to be replicated: no healthy secondary server available to accept replica at this time [mx1.replication.sandbox.test]',
    ],
  ])('%s takes the recipient and fails after %s', async (name, via, expected) => {
    const { client } = await openSecure(name);
    await client.ask('MAIL FROM:<>');
    expect(await client.ask(`RCPT TO:<monitor@${name}.sandbox.test>`)).toBe('250 2.1.5 Recipient OK');
    const before = world.received().length;
    if (via === 'DATA') {
      await client.ask('DATA');
      client.write(`${MESSAGE}.\r\n`);
    } else client.write(`BDAT ${Buffer.byteLength(MESSAGE)} LAST\r\n${MESSAGE}`);
    expect(await client.reply()).toBe(expected);
    expect(world.received()).toHaveLength(before);
  });

  it('attribution cannot find the tenant at RCPT', async () => {
    const { client } = await openSecure('attribution');
    await client.ask('MAIL FROM:<>');
    expect(await client.ask('RCPT TO:<monitor@attribution.sandbox.test>')).toMatch(/^451 4\.3\.2 .* ATTR17 \[mx1\./);
  });

  it('greylist defers whom it does not know and lets the second try pass after the wait', async () => {
    const { client } = await openSecure('greylist');
    const rcpt = async () => {
      await client.ask('RSET');
      await client.ask('MAIL FROM:<sender@contoso.example>');
      return client.ask('RCPT TO:<monitor@greylist.sandbox.test>');
    };
    expect(await rcpt()).toMatch(/^450 4\.2\.0 <monitor@.*Greylisted, please try again in 10 seconds$/);
    elapsed += 4000;
    expect(await rcpt()).toMatch(/try again in 6 seconds$/);
    elapsed += 6000;
    expect(await rcpt()).toBe('250 2.1.5 Recipient OK');
  });

  it('blocked turns away at the banner, and then answers nothing but QUIT', async () => {
    const { client } = await open('blocked');
    expect(await client.reply()).toMatch(
      /^554 5\.7\.1 Service unavailable; Client host \[198\.51\.100\.25\] blocked using /,
    );
    expect(await client.ask('EHLO probe.example')).toMatch(/^503 /);
    expect(await client.ask('QUIT')).toMatch(/^221 /);
  });
});

describe('the list of names', () => {
  it('has a line for each site and each troubled mailbox, once', () => {
    const { names } = world;
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
    for (const site of SITES) {
      expect(names.filter(({ name }) => name.endsWith(`${site.name}.sandbox.test`)).length).toBeGreaterThan(0);
    }
    expect(names).toContainEqual({
      name: 'monitor@proxyfail.sandbox.test',
      what: expect.stringContaining('PRX2'),
      line: '/probe monitor@proxyfail.sandbox.test --depth submit',
    });
    expect(names.map(({ name }) => name)).toContain('mailboxfull@healthy.sandbox.test');
    expect(names.map(({ name }) => name)).toContain('nobody@healthy.sandbox.test');
    for (const { name, what } of names) expect([name, what.length > 5 && what.length <= 80]).toEqual([name, true]);
  });

  it('allows submission to the monitoring mailboxes of sites with servers', () => {
    expect(world.mailbox).toBe('monitor@healthy.sandbox.test');
    expect(world.mailboxes).toContain(world.mailbox);
    expect(world.mailboxes).toContain('monitor@proxyfail.sandbox.test');
    expect(world.mailboxes).not.toContain('monitor@nullmx.sandbox.test');
  });
});
