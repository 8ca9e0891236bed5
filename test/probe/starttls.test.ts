import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority, type Identity } from '../support/certificates.ts';
import { mailServer, type Script, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber, zoneResolver } from './harness.ts';
import { HOST } from './tls-world.ts';

let root: Authority;
let identity: Identity;
beforeAll(async () => {
  root = await createAuthority('Test root');
  identity = await root.issue({ names: [HOST] });
});

async function reportOf(script: Script, overrides: Parameters<typeof requestFor>[1] = {}) {
  const server = await startScriptedServer(script);
  const report = await probe(testProber({ ca: [root.cert] }), requestFor(server.port, overrides));
  await server.close();
  return { report, server };
}

test('STARTTLS is seen in the last of a hundred lines', async () => {
  const many = Array.from({ length: 100 }, (_, at) => `X-EXTENSION-${at}`);
  const { report } = await reportOf(mailServer({ identity, capabilities: [...many, 'STARTTLS'] }));
  expect(report.attempts[0]?.tls).toMatchObject({ offered: true, protocol: 'TLSv1.3' });
});

describe('the answer to STARTTLS', () => {
  const cases = [
    {
      reply: '454 4.7.0 TLS not available due to local problem',
      errorType: 'TlsNotOffered',
      cause: 'starttls-refused',
    },
    { reply: '454 4.7.0 not now', errorType: 'TlsNotOffered', cause: 'starttls-refused' },
    { reply: '502 5.5.1 Command not implemented', errorType: 'TlsNotOffered', cause: 'starttls-refused' },
    { reply: '454 4.7.0 Too many connections', errorType: 'ServerBusy', cause: 'too-many-connections' },
    { reply: '451 4.3.2 Please try again later', errorType: 'ServerBusy', cause: 'busy' },
    { reply: '450 4.7.1 throttled', errorType: 'ServerBusy', cause: 'throttled' },
    {
      reply: '554 5.7.1 Service unavailable; blocked using zen.spamhaus.org',
      errorType: 'ReputationBlock',
      cause: 'listed-ip',
    },
  ];
  test.each(cases)('$reply is $errorType $cause, and mail is tried without', async ({ reply, errorType, cause }) => {
    const script = mailServer({ capabilities: ['STARTTLS'], replies: { STARTTLS: reply } });
    const { report, server } = await reportOf(script);
    expect(report).toMatchObject({ verdict: 'degraded', errorType, cause, stage: 'starttls' });
    expect(server.received.some((line) => line.startsWith('RCPT'))).toBe(true);
    const required = await reportOf(script, { tls: 'require' });
    expect(required.report).toMatchObject({ verdict: 'failed', errorType, cause });
  });

  test.each([
    ['421 4.7.0 Too many connections', 'too-many-connections'],
    ['421 4.3.2 Service shutting down', 'busy'],
  ])('%s is the end of the connection and no word about TLS', async (reply, cause) => {
    const script: Script = async (peer) => {
      peer.send('220 mx1\r\n');
      await peer.line();
      peer.send('250-mx1\r\n250 STARTTLS\r\n');
      await peer.line();
      peer.send(`${reply}\r\n`);
      peer.end();
    };
    const { report, server } = await reportOf(script);
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'ServerBusy', cause, stage: 'starttls' });
    expect(server.accepted).toBe(1);
  });
});

test.each([
  ['421 4.7.0 Try again later', 'ServerBusy'],
  ['', 'ConnectionLost'],
])('EHLO answered with "%s" and a hang-up is %s, never "no TLS"', async (reply, errorType) => {
  const { report } = await reportOf(async (peer) => {
    peer.send('220 mx1\r\n');
    await peer.line();
    if (reply !== '') peer.send(`${reply}\r\n`);
    peer.end();
  });
  expect(report).toMatchObject({ verdict: 'failed', errorType, stage: 'ehlo', attempts: [{ tls: { offered: null } }] });
});

describe('capabilities before and inside TLS', () => {
  /** Answers EHLO with one list before TLS and another inside it. */
  function changing(before: string[], inside: string[]): Script {
    const ehlo = (lines: string[]): string =>
      ['mx1', ...lines].map((line, at, all) => `250${at === all.length - 1 ? ' ' : '-'}${line}\r\n`).join('');
    return async (peer) => {
      peer.send('220 mx1\r\n');
      let secure = false;
      for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
        if (line.startsWith('EHLO')) peer.send(ehlo(secure ? inside : before));
        else if (line === 'STARTTLS') {
          peer.send('220 go ahead\r\n');
          await peer.startTls(identity);
          secure = true;
        } else if (line === 'QUIT') {
          peer.send('221 bye\r\n');
          peer.end();
        } else peer.send('250 OK\r\n');
      }
    };
  }

  const cases = [
    { name: 'as usual', before: ['SIZE 10', 'STARTTLS'], inside: ['SIZE 20', 'AUTH PLAIN'], note: undefined },
    { name: 'STARTTLS again', before: ['STARTTLS'], inside: ['STARTTLS'], note: /STARTTLS again inside TLS/ },
    {
      name: 'fewer',
      before: ['STARTTLS', 'CHUNKING', 'AUTH=PLAIN'],
      inside: ['SIZE'],
      note: /Offered before TLS but not inside it: CHUNKING, AUTH\./,
    },
    {
      name: 'masked before',
      before: ['STARTTLS', 'XXXXXXXA'],
      inside: ['CHUNKING'],
      note: /Before TLS a firewall masks/,
    },
  ];
  test.each(cases)('$name', async ({ before, inside, note }) => {
    const { report } = await reportOf(changing(before, inside), { depth: 'tls' });
    const [attempt] = report.attempts;
    expect(attempt?.capabilitiesBeforeTls).toEqual(before);
    expect(attempt?.capabilities).toEqual(inside);
    const notes = attempt?.notes.filter((one) => !one.startsWith('The target is an address')).join(' ');
    if (note === undefined) expect(notes).toBe('');
    else expect(notes).toMatch(note);
  });
});

test.each([
  ['contoso-example.mail.protection.outlook.com', true],
  ['aspmx.l.google.com', true],
  ['mx1.contoso.example', false],
  ['google.com.contoso.example', false],
])('%s without STARTTLS smells of stripping: %s', async (host, smells) => {
  const server = await startScriptedServer(mailServer());
  const resolver = zoneResolver({ a: { [host]: ['127.0.0.1'] } });
  const target = { kind: 'host', host, port: server.port } as const;
  const report = await probe(testProber({ resolver }), requestFor(server.port, { target, depth: 'tls' }));
  await server.close();
  expect(report).toMatchObject({ verdict: 'degraded', errorType: 'TlsNotOffered', cause: 'starttls-missing' });
  expect(report.attempts[0]?.notes.some((note) => note.includes('something on the way'))).toBe(smells);
});
