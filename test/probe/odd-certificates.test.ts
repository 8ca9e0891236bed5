import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber, zoneResolver } from './harness.ts';

const HOST = 'mx1.contoso.example';
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

let root: Authority;
beforeAll(async () => {
  root = await createAuthority('Test root');
});

/** Legal since RFC 5280 4.1.2.6, and what public authorities issue more and more: the names stand beside the subject. */
async function nameless(names: string[]): Promise<Identity> {
  const keys = (await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '77',
    name: '',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 90 * 86_400_000),
    keys,
    signingAlgorithm: EC,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: 'dns', value }) as const),
        true,
      ),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: cert.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

async function probeWith(identity: Identity) {
  const server = await startScriptedServer(mailServer({ identity }));
  try {
    const prober = testProber({ resolver: zoneResolver({ a: { [HOST]: ['127.0.0.1'] } }), ca: [root.cert] });
    const target = { kind: 'host', host: HOST, port: server.port } as const;
    return await probe(prober, requestFor(server.port, { text: HOST, target, depth: 'tls' }));
  } finally {
    await server.close();
  }
}

describe('a certificate without a subject', () => {
  test('is judged by its alternative names', async () => {
    const report = await probeWith(await nameless([HOST]));
    expect(report).toMatchObject({ errorType: 'CertificateFailure', cause: 'self-signed' });
    expect(report.attempts[0]?.certificate).toMatchObject({ subject: '', altNames: [HOST] });
  });

  test('that does not belong to the chain is named as having none', async () => {
    const { cert, key } = await root.issue({ names: [HOST] });
    const report = await probeWith({ key, cert: `${cert}\n${(await nameless(['other.example'])).cert}` });
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes.join('\n')).toContain('do not belong to the chain: no name');
  });
});

test('of hundreds of alternative names each one counts', async () => {
  const many = Array.from({ length: 180 }, (_, at) => `host${at}.contoso.example`);
  const report = await probeWith(await root.issue({ names: ['front.contoso.example', ...many, HOST] }));
  expect(report).toMatchObject({ verdict: 'ok', errorType: null });
  expect(report.attempts[0]?.tls.authorized).toBe(true);
  expect(report.attempts[0]?.certificate?.altNames).toHaveLength(100);
});

test('a name of thousands of characters does not swell the report', async () => {
  const report = await probeWith(await selfSigned({ names: [HOST, `${'a'.repeat(9000)}.example`] }));
  const [, long = ''] = report.attempts[0]?.certificate?.altNames ?? [];
  expect(long.length).toBeGreaterThan(200);
  expect(long.length).toBeLessThan(300);
});

test.each([
  'a, b',
  'x\\y',
  'n\0ul',
  '\x1b[2J',
  '"',
  "'",
  '"\\',
  ',',
  '*',
  '*.',
  '\n',
  `${HOST}\0.evil.example`,
  `, ${HOST}`,
])('the alternative name %j neither ends the probe nor passes for the host', async (name) => {
  const report = await probeWith(await root.issue({ names: ['cn.example', name] }));
  expect(report).toMatchObject({ verdict: 'degraded', errorType: 'CertificateFailure', cause: 'name-mismatch' });
  expect(report.summary).not.toMatch(/\p{Cc}/u);
});
