import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMangled, readBanner } from '../../src/probe/attempt/banner.ts';
import { mailServer, type Script, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';

describe('readBanner', () => {
  const cases: { lines: string[]; text: string; serverName: string | null }[] = [
    {
      lines: ['220 mx1.contoso.example Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 12:00:00 +0000'],
      text: 'mx1.contoso.example Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 12:00:00 +0000',
      serverName: 'mx1.contoso.example',
    },
    {
      lines: ['220-mx.contoso.example ESMTP', '220 second line'],
      text: 'mx.contoso.example ESMTP',
      serverName: 'mx.contoso.example',
    },
    { lines: ['220 EXCH01 ESMTP'], text: 'EXCH01 ESMTP', serverName: 'EXCH01' },
    { lines: ['220 Welcome to contoso'], text: 'Welcome to contoso', serverName: null },
    { lines: ['220 192.0.2.1 ESMTP'], text: '192.0.2.1 ESMTP', serverName: null },
    { lines: ['220 ***********************'], text: '***********************', serverName: null },
    { lines: ['220'], text: '', serverName: null },
    {
      lines: ['421 mx1.contoso.example Service not available'],
      text: 'mx1.contoso.example Service not available',
      serverName: 'mx1.contoso.example',
    },
    { lines: ['554 5.7.1 Service unavailable'], text: 'Service unavailable', serverName: null },
  ];
  test.each(cases)('$lines', ({ lines, text, serverName }) => {
    expect(readBanner({ code: 220, lines })).toEqual({ text, serverName });
  });

  test('is bounded and takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (words) => {
        const { text, serverName } = readBanner({ code: 220, lines: [`220 ${words}`] });
        expect(Array.from(text).length).toBeLessThanOrEqual(500);
        expect(serverName === null || text.startsWith(serverName)).toBe(true);
        expect(typeof isMangled(text)).toBe('boolean');
      }),
    );
  });
});

describe('a port check (seed 000)', () => {
  test('says how long the connection took, and who greeted when', async () => {
    const script: Script = async (peer) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      peer.send('220-mx1.contoso.example ESMTP\r\n');
      await new Promise((resolve) => setTimeout(resolve, 60));
      peer.send('220 ready\r\n');
      await mailServer()(peer);
    };
    const server = await startScriptedServer(script);
    const report = await probe(testProber(), requestFor(server.port, { depth: 'connect' }));
    expect(report.verdict).toBe('ok');
    const numbers =
      /answers on port \d+: connected in ([\d.]+) ms, greeted after ([\d.]+) ms as mx1\.contoso\.example\.$/;
    const [, connect, greeted] = numbers.exec(report.summary) ?? [];
    const [banner] = report.attempts[0]?.replies ?? [];
    expect(Number(connect)).toBe(report.attempts[0]?.timingsMs.connect);
    expect(Number(greeted)).toBe(banner?.lastByteMs);
    expect(banner).toMatchObject({ stage: 'banner', code: '220' });
    expect(banner?.firstByteMs).toBeGreaterThan(50);
    expect((banner?.lastByteMs ?? 0) - (banner?.firstByteMs ?? 0)).toBeGreaterThan(50);
    expect(report.attempts[0]?.banner).toEqual({
      text: 'mx1.contoso.example ESMTP',
      serverName: 'mx1.contoso.example',
    });
    await server.close();
  });

  const mute: { name: string; script: Script; words: RegExp }[] = [
    {
      name: 'silence',
      script: () => undefined,
      words: /connected in [\d.]+ ms, but no greeting could be read \(no answer within 300 ms\)\.$/,
    },
    {
      name: 'FIN',
      script: (peer) => peer.end(),
      words: /connected in [\d.]+ ms, but no greeting could be read: the server closes the connection\.$/,
    },
  ];
  test.each(mute)('$name', async ({ script, words }) => {
    const server = await startScriptedServer(script);
    const prober = testProber({ config: testConfig({ stageTimeoutS: 0.3 }) });
    const report = await probe(prober, requestFor(server.port, { depth: 'connect' }));
    expect(report).toMatchObject({ verdict: 'failed', stage: 'banner', attempts: [{ banner: null, replies: [] }] });
    expect(report.summary).toMatch(words);
    await server.close();
  });
});

test('the first and the last byte of a reply are told apart, each from its own command', async () => {
  const server = await startScriptedServer(async (peer) => {
    peer.send('220 mx ESMTP\r\n');
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      if (!line.startsWith('MAIL')) peer.send('250 OK\r\n');
      else {
        await new Promise((resolve) => setTimeout(resolve, 40));
        peer.send('250-one\r\n25');
        await new Promise((resolve) => setTimeout(resolve, 80));
        peer.send('0 two\r\n');
      }
    }
  });
  const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
  const timed = new Map(report.attempts[0]?.replies.map((reply) => [reply.stage, reply]));
  expect(timed.get('mail')?.firstByteMs).toBeGreaterThan(35);
  expect((timed.get('mail')?.lastByteMs ?? 0) - (timed.get('mail')?.firstByteMs ?? 0)).toBeGreaterThan(75);
  expect(timed.get('rcpt')?.lastByteMs).toBeLessThan(40);
  await server.close();
});
