import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority, type Identity } from '../support/certificates.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber, zoneResolver } from './harness.ts';

const DOMAIN = 'contoso.example';
const zone = {
  mx: { [DOMAIN]: [{ host: 'mx1.contoso.example', preference: 10 }] },
  a: { 'mx1.contoso.example': ['127.0.0.1'] },
};
const resolver = zoneResolver(zone);

let root: Authority;
let identity: Identity;
beforeAll(async () => {
  root = await createAuthority('Test root');
  identity = await root.issue({ names: ['mx1.contoso.example'] });
});

function domainRequest(port: number, overrides: Parameters<typeof requestFor>[1] = {}) {
  return requestFor(port, { text: DOMAIN, target: { kind: 'domain', domain: DOMAIN }, port, ...overrides });
}

describe('a healthy server', () => {
  const depths = [
    { depth: 'connect', verbs: ['QUIT'], reached: ['connect', 'banner'] },
    {
      depth: 'tls',
      verbs: ['EHLO', 'STARTTLS', 'EHLO', 'QUIT'],
      reached: ['connect', 'banner', 'ehlo', 'starttls', 'tls'],
    },
    {
      depth: 'rcpt',
      verbs: ['EHLO', 'STARTTLS', 'EHLO', 'MAIL', 'RCPT', 'RSET', 'QUIT'],
      reached: ['connect', 'banner', 'ehlo', 'starttls', 'tls', 'mail', 'rcpt'],
    },
  ] as const;
  test.each(depths)('is ok to depth $depth', async ({ depth, verbs, reached }) => {
    const server = await startScriptedServer(mailServer({ identity }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), domainRequest(server.port, { depth }));
    const attempt = report.attempts[0];
    expect(report).toMatchObject({
      verdict: 'ok',
      errorType: null,
      cause: null,
      stage: null,
      owner: 'none',
      mitigation: [],
    });
    expect(report.mx).toEqual(zone.mx[DOMAIN]);
    expect(server.received.map((line) => line.split(/[ :]/)[0])).toEqual(verbs);
    const timings = Object.entries(attempt?.timingsMs ?? {}).filter(([, ms]) => ms !== null);
    expect(timings.map(([name]) => name)).toEqual(['dns', ...reached, 'total']);
    await server.close();
  });

  test('tells what TLS it speaks and shows its certificate', async () => {
    const server = await startScriptedServer(mailServer({ identity }));
    const report = await probe(testProber({ resolver, ca: [root.cert] }), domainRequest(server.port));
    const attempt = report.attempts[0];
    expect(attempt?.tls).toMatchObject({ offered: true, protocol: 'TLSv1.3', authorized: true });
    expect(attempt?.certificate).toMatchObject({
      subject: 'mx1.contoso.example',
      issuer: 'Test root',
      altNames: ['mx1.contoso.example'],
    });
    expect(attempt?.capabilities).toEqual(['SIZE 157286400', 'PIPELINING']);
    expect(attempt?.transcript.map(({ dir, text }) => `${dir} ${text}`)).toContain('C STARTTLS');
    expect(report.summary).toBe('mx1.contoso.example (127.0.0.1) accepts mail for postmaster@contoso.example.');
    await server.close();
  });

  test('speaks TLS from the start when asked', async () => {
    const server = await startScriptedServer(mailServer({ identity, implicitTls: true }));
    const request = domainRequest(server.port, { tls: 'implicit' });
    const report = await probe(testProber({ resolver, ca: [root.cert] }), request);
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ tls: { offered: true, authorized: true } }] });
    expect(server.received).not.toContain('STARTTLS');
    await server.close();
  });

  test('sees the probe id as the first label of EHLO, and the given envelope', async () => {
    const server = await startScriptedServer(mailServer());
    const prober = testProber({ resolver });
    await probe(
      prober,
      domainRequest(server.port, { tls: 'off', from: 'kim@fabrikam.example', to: 'lee@bücher.example' }),
    );
    expect(server.received[0]).toMatch(/^EHLO mm[0-9a-f]{10}\.\S+\.\S+$/);
    expect(server.received).toContain('MAIL FROM:<kim@fabrikam.example>');
    expect(server.received).toContain('RCPT TO:<lee@xn--bcher-kva.example>');
    await probe(prober, domainRequest(server.port, { tls: 'off', helo: 'probe.fabrikam.example' }));
    expect(server.received).toContain('EHLO probe.fabrikam.example');
    await server.close();
  });

  test('progress shows the stages turning', async () => {
    const server = await startScriptedServer(mailServer({ identity }));
    const seen: string[] = [];
    const prober = testProber({ resolver, ca: [root.cert] });
    await prober.probe(domainRequest(server.port), {
      signal: new AbortController().signal,
      onProgress: ({ target, mx, attempts }) => {
        expect(target).toBe(DOMAIN);
        expect(mx).toHaveLength(1);
        seen.push((attempts[0]?.stages ?? []).map(({ name, state }) => `${name} ${state}`).join(', '));
      },
    });
    expect(seen).toContain('connect ok, banner running');
    expect(seen).toContain('connect ok, banner ok, ehlo ok, starttls ok, tls running');
    expect(seen.at(-1)).not.toMatch(/running|failed/);
    await server.close();
  });
});

describe('submit', () => {
  const env = { MAILMEDIC_MAILBOXES: 'monitor@contoso.example' };
  const config = testConfig({}, env);
  const chunkings = [
    { chunking: 'auto', capabilities: ['CHUNKING'], verb: 'BDAT' },
    { chunking: 'auto', capabilities: ['SIZE'], verb: 'DATA' },
    { chunking: 'data', capabilities: ['CHUNKING'], verb: 'DATA' },
    { chunking: 'bdat', capabilities: ['SIZE'], verb: 'DATA' },
  ] as const;
  test.each(chunkings)('$chunking with $capabilities uses $verb', async ({ chunking, capabilities, verb }) => {
    const messages: string[] = [];
    const server = await startScriptedServer(
      mailServer({ capabilities: [...capabilities], onMessage: (m) => messages.push(m) }),
    );
    const request = domainRequest(server.port, {
      depth: 'submit',
      tls: 'off',
      chunking,
      to: 'monitor@contoso.example',
    });
    const report = await probe(testProber({ resolver, config }), request);
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.timingsMs.data).not.toBeNull();
    expect(server.received.some((line) => line.startsWith(verb))).toBe(true);
    const id = /^EHLO (mm[0-9a-f]+)\./.exec(server.received[0] ?? '')?.[1];
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`Subject: mailmedic probe ${id}\r\n`);
    expect(messages[0]).toMatch(new RegExp(`^Message-ID: <${id}@`, 'm'));
    await server.close();
  });

  test('goes to configured mailboxes only', async () => {
    const server = await startScriptedServer(mailServer());
    const prober = testProber({ resolver, config });
    const refused = domainRequest(server.port, { depth: 'submit', to: 'someone@contoso.example' });
    await expect(prober.probe(refused, { signal: new AbortController().signal })).rejects.toThrow(
      /MAILMEDIC_MAILBOXES/,
    );
    expect(server.accepted).toBe(0);
    await server.close();
  });

  test('PRX2 after the data is the proxy of the front end', async () => {
    const reply =
      '451 4.7.0 Temporary server error. Please try again later. PRX2 [DB5EUR01FT012.eop-EUR01.prod.protection.outlook.com]';
    const server = await startScriptedServer(mailServer({ replies: { 'end-of-data': reply } }));
    const request = domainRequest(server.port, { depth: 'submit', tls: 'off', to: 'monitor@contoso.example' });
    const report = await probe(testProber({ resolver, config }), request);
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'ProxyDnsFailure',
      cause: 'proxy',
      owner: 'service',
      stage: 'end-of-data',
    });
    await server.close();
  });

  test('a hang after the recipient was taken points behind the front end', async () => {
    const server = await startScriptedServer(async (peer) => {
      peer.send('220 mx\r\n');
      for (let line = await peer.line(); line !== undefined && line !== 'DATA'; line = await peer.line()) {
        peer.send(line.startsWith('RCPT') ? '250 2.1.5 Recipient OK\r\n' : '250 OK\r\n');
      }
    });
    const request = domainRequest(server.port, { depth: 'submit', tls: 'off', to: 'monitor@contoso.example' });
    const report = await probe(testProber({ resolver, config: testConfig({ stageTimeoutS: 0.3 }, env) }), request);
    expect(report).toMatchObject({ errorType: 'ProbeTimeout', cause: 'data', stage: 'data' });
    expect(report.summary).toMatch(/250 2\.1\.5 Recipient OK.*look behind it/);
    await server.close();
  });
});
