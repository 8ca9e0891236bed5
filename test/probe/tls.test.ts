import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber, zoneResolver } from './harness.ts';

const HOST = 'mx1.contoso.example';
const resolver = zoneResolver({ a: { [HOST]: ['127.0.0.1'] } });
const names = [HOST];

let root: Authority;
let sha1: Authority;
let stranger: Authority;
let lower: Authority;
beforeAll(async () => {
  root = await createAuthority('Test root');
  sha1 = await createAuthority('Old root', { sha1: true });
  stranger = await createAuthority('Nobody knows');
  lower = await root.intermediate('Test intermediate');
});

function hostRequest(port: number, overrides: Parameters<typeof requestFor>[1] = {}) {
  return requestFor(port, { text: HOST, target: { kind: 'host', host: HOST, port }, depth: 'tls', ...overrides });
}

const withChain = (identity: Identity, ...above: Authority[]): Identity => ({
  key: identity.key,
  cert: [identity.cert, ...above.map(({ cert }) => cert)].join('\n'),
});

interface CertificateCase {
  name: string;
  make: () => Promise<Identity>;
  cause: string;
  words: RegExp;
}

describe('a certificate', () => {
  const cases: CertificateCase[] = [
    {
      name: 'that ended',
      make: () => root.issue({ names, fromDays: -90, toDays: -3.5 }),
      cause: 'expired',
      words: /certificate expired 3 days ago/,
    },
    {
      name: 'of tomorrow',
      make: () => root.issue({ names, fromDays: 2, toDays: 90 }),
      cause: 'not-yet-valid',
      words: /not valid before/,
    },
    {
      name: 'for another name',
      make: () => root.issue({ names: ['mail.fabrikam.example'] }),
      cause: 'name-mismatch',
      words: /issued for .*mail\.fabrikam\.example, not for mx1/,
    },
    {
      name: 'for a wildcard of another depth',
      make: () => root.issue({ names: ['*.example'] }),
      cause: 'name-mismatch',
      words: /\*\.example/,
    },
    { name: 'that vouches for itself', make: () => selfSigned({ names }), cause: 'self-signed', words: /self-signed/ },
    {
      name: 'of an unknown authority',
      make: async () => withChain(await stranger.issue({ names }), stranger),
      cause: 'untrusted',
      words: /not trusted here \(Nobody knows\)/,
    },
    {
      name: 'of an unknown authority that is not sent along',
      make: () => stranger.issue({ names }),
      cause: 'untrusted',
      words: /not trusted here \(Nobody knows\)/,
    },
    {
      name: 'without its intermediate',
      make: () => lower.issue({ names }),
      cause: 'incomplete-chain',
      words: /without the intermediate.*Test intermediate/,
    },
    {
      name: 'with a short key',
      make: () => root.issue({ names, rsaBits: 1024 }),
      cause: 'weak-key',
      words: /1024 bits|too weak/,
    },
    { name: 'signed over SHA-1', make: () => sha1.issue({ names }), cause: 'weak-key', words: /SHA-1|too weak/ },
  ];

  describe.each(['opportunistic', 'require'] as const)('with tls %s', (tls) => {
    test.each(cases)('$name is $cause', async ({ make, cause, words }) => {
      const server = await startScriptedServer(
        mailServer({ identity: await make(), tls: { ciphers: 'DEFAULT@SECLEVEL=0' } }),
      );
      const prober = testProber({ resolver, ca: [root.cert, sha1.cert] });
      const report = await probe(prober, hostRequest(server.port, { tls, depth: 'rcpt' }));
      expect(report).toMatchObject({
        verdict: tls === 'require' ? 'failed' : 'degraded',
        errorType: 'CertificateFailure',
        cause,
        owner: 'recipient',
        attempts: [{ tls: { authorized: false } }],
      });
      expect(report.summary).toMatch(words);
      // Where TLS is a bonus the mail still goes through; where it is demanded nothing is sent after the verdict.
      expect(server.received.some((line) => line.startsWith('RCPT'))).toBe(tls === 'opportunistic');
      await server.close();
    });
  });

  test('with two faults has both told', async () => {
    const identity = await root.issue({ names: ['other.example'], fromDays: -90, toDays: -3.5 });
    const server = await startScriptedServer(mailServer({ identity }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port));
    expect(report.cause).toBe('expired');
    expect(report.attempts[0]?.notes.join()).toContain('The certificate is also issued for other.example');
    await server.close();
  });

  test('with its intermediate is fine', async () => {
    const identity = withChain(await lower.issue({ names }), lower);
    const server = await startScriptedServer(mailServer({ identity }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port));
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ tls: { authorized: true } }] });
    expect(report.attempts[0]?.certificate?.chain.length).toBeGreaterThanOrEqual(2);
    await server.close();
  });

  test('that ends soon is a note', async () => {
    const identity = await root.issue({ names, toDays: 5.5 });
    const server = await startScriptedServer(mailServer({ identity }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port));
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes).toContainEqual(
      expect.stringMatching(/^The certificate expires in 5 days: renew it now, from \d{4}-\d\d-\d\d \d\d:\d\d UTC on/),
    );
    await server.close();
  });

  test('for the domain asked is as good as one for its MX host', async () => {
    const identity = await root.issue({ names: ['contoso.example'] });
    const server = await startScriptedServer(mailServer({ identity }));
    const zone = zoneResolver({
      mx: { 'contoso.example': [{ host: HOST, preference: 0 }] },
      a: { [HOST]: ['127.0.0.1'] },
    });
    const request = hostRequest(server.port, {
      target: { kind: 'domain', domain: 'contoso.example' },
      port: server.port,
    });
    expect((await probe(testProber({ resolver: zone, ca: [root.cert] }), request)).verdict).toBe('ok');
    await server.close();
  });
});

describe('an outdated server', () => {
  test('that speaks only TLS 1.0 is named, and mail is seen to flow without TLS', async () => {
    const identity = await root.issue({ names });
    const tls = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await startScriptedServer(mailServer({ identity, tls }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port, { depth: 'rcpt' }));
    expect(report).toMatchObject({
      verdict: 'degraded',
      errorType: 'TlsHandshakeFailure',
      cause: 'protocol-version',
      stage: 'tls',
    });
    expect(report.summary).toContain('speaks only TLS 1.0');
    expect(report.attempts[0]?.tls.protocol).toBe('TLSv1');
    expect(server.accepted).toBe(3);
    expect(server.received.some((line) => line.startsWith('RCPT'))).toBe(true);
    await server.close();
  });

  test('fails when TLS is required', async () => {
    const identity = await root.issue({ names });
    const tls = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await startScriptedServer(mailServer({ identity, tls }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port, { tls: 'require' }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'TlsHandshakeFailure', cause: 'protocol-version' });
    expect(report.summary).toContain('speaks only TLS 1.1');
    await server.close();
  });

  test('is named behind implicit TLS too', async () => {
    const identity = await root.issue({ names });
    const tls = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await startScriptedServer(mailServer({ identity, tls, implicitTls: true }));
    const report = await probe(
      testProber({ resolver, ca: [root.cert] }),
      hostRequest(server.port, { tls: 'implicit' }),
    );
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'TlsHandshakeFailure', cause: 'protocol-version' });
    await server.close();
  });

  test('without a common cipher is told apart from one without a common version', async () => {
    const identity = await root.issue({ names, rsaBits: 2048 });
    const tls = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'ADH-AES128-SHA256@SECLEVEL=0' } as const;
    const server = await startScriptedServer(mailServer({ identity, tls }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port, { tls: 'require' }));
    expect(report).toMatchObject({ errorType: 'TlsHandshakeFailure', cause: 'cipher' });
    await server.close();
  });

  test('that demands TLS which fails is a TLS failure, not a refusal', async () => {
    const server = await startScriptedServer(
      mailServer({
        capabilities: ['STARTTLS'],
        replies: { STARTTLS: '454 4.7.0 not now', MAIL: '530 5.7.0 Must issue a STARTTLS command first' },
      }),
    );
    const report = await probe(testProber({ resolver }), hostRequest(server.port, { depth: 'rcpt' }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'TlsNotOffered', cause: 'starttls-refused' });
    expect(report.attempts[0]?.notes).toEqual([]);
    await server.close();
  });
});

describe('a server that demands a client certificate', () => {
  const demanding = { requestCert: true, rejectUnauthorized: true } as const;
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is a handshake failure with %s, and mail flows without',
    async (maxVersion) => {
      const identity = await root.issue({ names });
      const server = await startScriptedServer(mailServer({ identity, tls: { ...demanding, maxVersion } }));
      const report = await probe(
        testProber({ resolver, ca: [root.cert] }),
        hostRequest(server.port, { depth: 'rcpt' }),
      );
      // Nothing is wrong with the ciphers, although TLS 1.2 has the same alert for both.
      expect(report).toMatchObject({
        verdict: 'degraded',
        errorType: 'TlsHandshakeFailure',
        cause: 'handshake',
        stage: 'tls',
      });
      expect(report.summary).toContain('demands a client certificate');
      expect(server.received.some((line) => line.startsWith('RCPT'))).toBe(true);
      await server.close();
    },
  );

  test('says so', async () => {
    const identity = await root.issue({ names });
    const server = await startScriptedServer(mailServer({ identity, tls: demanding, implicitTls: true }));
    const report = await probe(
      testProber({ resolver, ca: [root.cert] }),
      hostRequest(server.port, { tls: 'implicit' }),
    );
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'TlsHandshakeFailure', stage: 'tls' });
    expect(report.summary).toContain('demands a client certificate');
    await server.close();
  });
});

test('a handshake that is cut off once is not blamed on outdated settings', async () => {
  const identity = await root.issue({ names });
  const healthy = mailServer({ identity });
  let connections = 0;
  const server = await startScriptedServer(async (peer) => {
    connections += 1;
    if (connections > 1) return healthy(peer);
    peer.send('220 mx1.contoso.example ESMTP\r\n');
    await peer.line();
    peer.send('250-mx1.contoso.example\r\n250 STARTTLS\r\n');
    await peer.line();
    peer.send('220 2.0.0 go ahead\r\n');
    peer.reset();
  });
  const report = await probe(testProber({ resolver, ca: [root.cert] }), hostRequest(server.port));
  expect(report).toMatchObject({ verdict: 'degraded', errorType: 'TlsHandshakeFailure', cause: 'reset' });
  expect(report.summary).toContain('not every time');
  expect(report.summary).not.toContain('outdated');
  await server.close();
});

describe('a handshake that takes all the time there is', () => {
  test('is what is reported, not the stage at which plain text was then cut off', async () => {
    let connections = 0;
    const server = await startScriptedServer(async (peer) => {
      connections += 1;
      // The second connection, without TLS, would be slow to greet.
      if (connections > 1) await new Promise((resolve) => setTimeout(resolve, 100));
      peer.send('220 mx1.contoso.example ESMTP\r\n');
      await peer.line();
      peer.send('250-mx1.contoso.example\r\n250 STARTTLS\r\n');
      await peer.line();
      peer.send('220 2.0.0 go ahead\r\n');
    });
    const report = await probe(testProber({ resolver }), hostRequest(server.port, { timeoutS: 0.3 }));
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'TlsHandshakeFailure',
      cause: 'timeout',
      stage: 'tls',
    });
    expect(report.summary).toContain('the time of the probe was up before mail without TLS was tried');
    await server.close();
  });
});

describe('where TLS is required', () => {
  const cases = [
    { name: 'not offered', capabilities: ['SIZE'], errorType: 'TlsNotOffered', cause: 'starttls-missing' },
    { name: 'masked', capabilities: ['XXXXXXXA'], errorType: 'ProtocolError', cause: 'capability-masked' },
    { name: 'refused', capabilities: ['STARTTLS'], errorType: 'TlsNotOffered', cause: 'starttls-refused' },
  ];
  test.each(cases)('STARTTLS $name is failed and no mail is tried', async ({ capabilities, errorType, cause }) => {
    const server = await startScriptedServer(mailServer({ capabilities, replies: { STARTTLS: '454 4.7.0 not now' } }));
    const report = await probe(testProber({ resolver }), hostRequest(server.port, { tls: 'require', depth: 'rcpt' }));
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType,
      cause,
      attempts: [{ tls: { offered: capabilities[0] === 'STARTTLS' } }],
    });
    expect(server.received.some((line) => line.startsWith('MAIL'))).toBe(false);
    await server.close();
  });

  test('TLS that is not asked for is not tried', async () => {
    const identity = await root.issue({ names });
    const server = await startScriptedServer(mailServer({ identity }));
    const report = await probe(testProber({ resolver }), hostRequest(server.port, { tls: 'off', depth: 'rcpt' }));
    expect(report).toMatchObject({
      verdict: 'ok',
      attempts: [{ tls: { offered: true, protocol: null, authorized: null }, certificate: null }],
    });
    expect(server.received).not.toContain('STARTTLS');
    await server.close();
  });
});
