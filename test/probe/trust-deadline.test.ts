import { expect, test } from 'vitest';
import { createAuthority, selfSigned } from '../support/certificates.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber, zoneResolver } from './harness.ts';

const HOST = 'mx1.contoso.example';

test('TLSA records that nobody answers for do not hold a probe up beyond its deadline', async () => {
  const inner = mailServer({ identity: await selfSigned({ names: [HOST] }) });
  const server = await startScriptedServer(async (peer) => {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    return inner(peer);
  });
  const zone = zoneResolver({ a: { [HOST]: ['127.0.0.1'] } });
  const resolver = {
    ...zone,
    a: async (name: string) => ({ ...(await zone.a(name)), secure: true }) as Awaited<ReturnType<typeof zone.a>>,
    tlsa: (_: string, signal?: AbortSignal) =>
      new Promise<never>((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
  };
  try {
    const prober = testProber({ resolver, config: testConfig({ stageTimeoutS: 10 }) });
    const target = { kind: 'host', host: HOST, port: server.port } as const;
    const began = performance.now();
    const report = await probe(prober, requestFor(server.port, { text: HOST, target, depth: 'tls', timeoutS: 3 }));
    expect(performance.now() - began).toBeLessThan(3200);
    expect(report.attempts[0]?.tls.dane).toBe('unknown');
  } finally {
    await server.close();
  }
});

test('a server that hangs up inside TLS while policies are looked up has not failed the handshake', async () => {
  const root = await createAuthority('Test root');
  const identity = await root.issue({ names: [HOST] });
  const server = await startScriptedServer(async (peer) => {
    peer.send('220 mx1 ESMTP\r\n');
    await peer.line();
    peer.send('250-mx1\r\n250 STARTTLS\r\n');
    await peer.line();
    peer.send('220 go\r\n');
    await peer.startTls({ ...identity });
    peer.end();
  });
  const zone = zoneResolver({ a: { [HOST]: ['127.0.0.1'] } });
  const slow = async (name: string) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return zone.aaaa(name);
  };
  try {
    const prober = testProber({ resolver: { ...zone, aaaa: slow }, ca: [root.cert] });
    const target = { kind: 'host', host: HOST, port: server.port } as const;
    const report = await probe(prober, requestFor(server.port, { text: HOST, target, depth: 'tls' }));
    expect(report).toMatchObject({ errorType: 'ConnectionLost', cause: 'closed-by-peer', stage: 'ehlo' });
    expect(report.attempts[0]?.tls).toMatchObject({ protocol: 'TLSv1.3', authorized: true });
  } finally {
    await server.close();
  }
});
