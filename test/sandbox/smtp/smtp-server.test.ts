import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { silentLogger } from '../../../src/log.ts';
import {
  createCertificateAuthority,
  type KeyAndCertificate,
} from '../../../src/sandbox/certificates/certificate-authority.ts';
import type { ServerScript } from '../../../src/sandbox/site.ts';
import { createGreylist } from '../../../src/sandbox/smtp/greylist.ts';
import { DEFAULT_LIMITS, type SmtpLimits } from '../../../src/sandbox/smtp/limits.ts';
import type { ReceivedMessage } from '../../../src/sandbox/smtp/received-message.ts';
import { type SmtpServer, startSmtpServer } from '../../../src/sandbox/smtp/smtp-server.ts';
import { openClient, type RawClient } from '../raw-client.ts';

const host = 'mx1.contoso.example';
let identity: KeyAndCertificate;
let ca: string;
let server: SmtpServer | undefined;
let accepted: ReceivedMessage[];
const clients: RawClient[] = [];

beforeAll(async () => {
  const authority = await createCertificateAuthority(new Date());
  ca = authority.ca;
  identity = await authority.issue('valid', host);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server?.stop();
});

/** A server with these limits and script, and a client that has read the banner. */
async function serve(limits: Partial<SmtpLimits> = {}, script: ServerScript = {}): Promise<RawClient> {
  accepted = [];
  const role = {
    host,
    domain: 'contoso.example',
    script,
    limits: { ...DEFAULT_LIMITS, ...limits },
    clock: systemClock,
    greylist: createGreylist(0, systemClock),
    accept: (message: ReceivedMessage) => accepted.push(message),
  };
  server = await startSmtpServer(role, createSecureContext(identity), silentLogger());
  return join();
}

async function join(): Promise<RawClient> {
  const client = await openClient({ host: '127.0.0.1', port: server?.port ?? 0 });
  clients.push(client);
  if (server !== undefined) await client.reply();
  return client;
}

async function startMessage(client: RawClient): Promise<void> {
  await client.ask('EHLO probe.example');
  await client.ask('MAIL FROM:<>');
  await client.ask('RCPT TO:<monitor@contoso.example>');
}

describe('the order of commands', () => {
  it.each([
    [['MAIL FROM:<>'], /^503 5\.5\.2 Send hello first$/],
    [['STARTTLS'], /^503 5\.5\.2 Send hello first$/],
    [['EHLO'], /^501 /],
    [['EHLO a', 'RCPT TO:<monitor@contoso.example>'], /^503 5\.5\.2 Need mail command$/],
    [['EHLO a', 'DATA'], /^503 5\.5\.2 Need mail command$/],
    [['EHLO a', 'MAIL FROM:<>', 'DATA'], /^503 5\.5\.2 Need rcpt command$/],
    [['EHLO a', 'MAIL FROM:<>', 'MAIL FROM:<>'], /^503 5\.5\.2 Sender already specified$/],
    [['EHLO a', 'MAIL FROM:<>', 'RSET', 'MAIL FROM:<>'], /^250 2\.1\.0 /],
    [['EHLO a', 'MAIL FROM:<nobody>'], /^501 5\.1\.7 /],
    [['EHLO a', 'MAIL FROM:<> SIZE=1048577'], /^552 5\.3\.4 /],
    [['EHLO a', 'MAIL kim'], /^501 5\.5\.4 /],
    [['HELO a'], /^250 mx1\.contoso\.example Hello \[198\.51\.100\.25\]$/],
    [['EHLO a', 'STARTTLS now'], /^501 5\.5\.4 /],
    [['NOOP'], /^250 /],
    [['constructor'], /^500 5\.3\.3 Unrecognized command$/],
    [['GET / HTTP/1.1'], /^500 5\.3\.3 /],
    [['AUTH LOGIN'], /^504 5\.7\.4 /],
    [[''], /^500 5\.3\.3 /],
  ])('%j', async (lines, expected) => {
    const client = await serve();
    let reply = '';
    for (const line of lines) reply = await client.ask(line);
    expect(reply).toMatch(expected);
  });

  it('answers a pipelined transaction in order (RFC 2920)', async () => {
    const client = await serve();
    await client.ask('EHLO probe.example');
    client.write(
      'MAIL FROM:<>\r\nRCPT TO:<monitor@contoso.example>\r\nRCPT TO:<nobody@contoso.example>\r\nDATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n',
    );
    const codes = [];
    for (let index = 0; index < 6; index += 1) codes.push((await client.reply()).slice(0, 3));
    expect(codes).toEqual(['250', '250', '550', '354', '250', '221']);
    expect(accepted).toMatchObject([{ subject: 'x', recipients: ['monitor@contoso.example'], octets: 14 }]);
  });

  it('reads the octets of a BDAT that comes too early, and goes on behind them (RFC 3030)', async () => {
    const client = await serve();
    await client.ask('EHLO probe.example');
    client.write('BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n');
    expect(await client.reply()).toMatch(/^503 5\.5\.2 Need mail command/);
    expect(await client.reply()).toBe('250 2.0.0 OK');
  });

  it('does not mix DATA into a message that began with BDAT', async () => {
    const client = await serve();
    await startMessage(client);
    client.write('BDAT 2\r\nab');
    expect(await client.reply()).toMatch(/^250 /);
    expect(await client.ask('DATA')).toMatch(/^503 /);
    client.write('BDAT 0 LAST\r\n');
    expect(await client.reply()).toMatch(/^250 2\.6\.0 .* 2 bytes in /);
  });
});

describe('STARTTLS', () => {
  it('throws away what was sent in clear behind it (RFC 3207 section 4.2, CVE-2011-0411)', async () => {
    const client = await serve();
    await client.ask('EHLO probe.example');
    client.write('STARTTLS\r\nMAIL FROM:<injected@contoso.example>\r\nNOOP\r\n');
    expect(await client.reply()).toMatch(/^220 /);
    await client.secure({ servername: host, ca });
    expect(client.unread).toBe('');
    expect(await client.ask('MAIL FROM:<>')).toBe('503 5.5.2 Send hello first');
    expect(await client.ask('EHLO probe.example')).not.toContain('STARTTLS');
    expect(await client.ask('STARTTLS')).toMatch(/^502 /);
  });

  it('survives a handshake that is not one', async () => {
    const client = await serve();
    await client.ask('EHLO probe.example');
    await client.ask('STARTTLS');
    client.write('EHLO in clear\r\n'.repeat(20));
    await client.ended();
    expect(await (await join()).ask('NOOP')).toBe('250 2.0.0 OK');
  });
});

describe('limits', () => {
  it('refuses a line that is too long and goes on', async () => {
    const client = await serve();
    client.write(`NOOP ${'x'.repeat(100_000)}\r\nNOOP\r\n`);
    expect(await client.reply()).toBe('500 5.5.2 Line too long');
    expect(await client.reply()).toBe('250 2.0.0 OK');
  });

  it('closes after too many mistakes', async () => {
    const client = await serve({ mistakes: 3 });
    client.write('X\r\n'.repeat(4));
    for (let index = 0; index < 3; index += 1) expect(await client.reply()).toMatch(/^500 /);
    expect(await client.reply()).toMatch(/^421 4\.7\.0 Too many errors/);
    expect(await client.ended()).toBe('');
  });

  it('takes only so many recipients', async () => {
    const client = await serve({ recipients: 2 });
    await startMessage(client);
    expect(await client.ask('RCPT TO:<postmaster@contoso.example>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<monitor@contoso.example>')).toBe('452 4.5.3 Too many recipients');
  });

  it.each(['DATA', 'BDAT'])('refuses a message over SIZE by %s after reading it', async (via) => {
    const client = await serve({ messageOctets: 1000 });
    await startMessage(client);
    const text = `${'x'.repeat(998)}\r\n${'y'.repeat(500)}\r\n`;
    if (via === 'DATA') {
      await client.ask('DATA');
      client.write(`${text}.\r\n`);
    } else client.write(`BDAT ${text.length} LAST\r\n${text}`);
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK');
    expect(accepted).toEqual([]);
  });

  it('closes on a message that does not end', async () => {
    const client = await serve({ drainOctets: 200_000 });
    await startMessage(client);
    await client.ask('DATA');
    client.write('x'.repeat(250_000));
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /);
    await client.ended();
  });

  it('closes on chunks that add up to too much, or that announce too much at once', async () => {
    const client = await serve({ drainOctets: 1000 });
    await startMessage(client);
    client.write(`BDAT 900\r\n${'x'.repeat(900)}`);
    expect(await client.reply()).toMatch(/^250 /);
    client.write(`BDAT 900\r\n${'x'.repeat(900)}`);
    expect(await client.reply()).toMatch(/^552 /);
    await client.ended();
    for (const line of ['BDAT 9999999999', 'BDAT 99999999999999', 'BDAT', 'BDAT -1', 'BDAT 1 FIRST']) {
      const next = await join();
      expect(await next.ask(line)).toMatch(/^5(52|01) /);
      await next.ended();
    }
  });

  it('turns away connections beyond the limit and takes them again when there is room', async () => {
    const first = await serve({ connections: 1 });
    const second = await openClient({ host: '127.0.0.1', port: server?.port ?? 0 });
    clients.push(second);
    expect(await second.reply()).toMatch(/^421 4\.3\.2 /);
    await second.ended();
    first.close();
    await sleep(50);
    expect(await (await join()).ask('NOOP')).toBe('250 2.0.0 OK');
  });

  it('says goodbye to a client that has nothing to say, and cuts one that talks for ever', async () => {
    const idle = await serve({ idleMs: 150 });
    expect(await idle.reply()).toBe('421 4.4.1 Connection timed out');
    await idle.ended();
    await server?.stop();
    const chatty = await serve({ sessionMs: 200, idleMs: 150 });
    const talk = setInterval(() => chatty.write('NOOP\r\n'), 20);
    expect(await chatty.ended()).toContain('421 4.4.1 Connection timed out');
    clearInterval(talk);
  });

  it('cuts off a client that asks and asks and never reads', async () => {
    const client = await serve();
    client.socket.pause();
    const flood = Buffer.from('NOOP\r\n'.repeat(10_000));
    for (let round = 0; round < 500 && !client.socket.destroyed; round += 1) {
      await new Promise<void>((resolve) => {
        client.socket.write(flood, () => resolve());
      });
    }
    expect(client.socket.destroyed).toBe(true);
    expect(await (await join()).ask('NOOP')).toBe('250 2.0.0 OK');
  });

  it('survives clients that vanish at any moment', async () => {
    await serve();
    const script = 'EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<monitor@contoso.example>\r\nDATA\r\nx\r\n.\r\nSTARTTLS\r\n';
    for (let length = 0; length < script.length; length += 3) {
      const client = await openClient({ host: '127.0.0.1', port: server?.port ?? 0 });
      client.write(script.slice(0, length));
      if (length % 2 === 0) client.socket.resetAndDestroy();
      else client.close();
    }
    expect(await (await join()).ask('NOOP')).toBe('250 2.0.0 OK');
  });
});
