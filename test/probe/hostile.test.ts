import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailServer, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';
import { HOSTILE_CASES } from './hostile-cases.ts';

const STAGE_S = 0.6;

describe('a hostile server', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  test.concurrent.each(HOSTILE_CASES)('$name is $errorType $cause at $stage', async (hostile) => {
    const server = await startScriptedServer(hostile.script);
    const prober = testProber({ config: testConfig({ stageTimeoutS: STAGE_S }) });
    const began = performance.now();
    const report = await probe(prober, requestFor(server.port));
    const took = performance.now() - began;
    expect(report).toMatchObject({
      verdict: hostile.verdict ?? 'failed',
      errorType: hostile.errorType,
      cause: hostile.cause,
      stage: hostile.stage,
      mitigation: [`mend ${hostile.errorType} ${hostile.cause}`],
    });
    // One stage may hang, and the polite QUIT after it.
    expect(took).toBeLessThan(STAGE_S * 1000 + 2000);
    await server.close();
    expect(unhandled).toEqual([]);
  });
});

describe('a broken server that can still be understood', () => {
  const cases: { name: string; banner: string; note: RegExp }[] = [
    { name: 'bare LF', banner: '220 hello\n', note: /bare LF/ },
    { name: 'bare CR', banner: '220 hel\rlo\r\n', note: /CR inside/ },
    { name: 'NUL', banner: '220 hel\0lo\r\n', note: /NUL/ },
    { name: '8-bit characters', banner: '220 gr\xfc\xdfe\r\n', note: /8-bit/ },
    { name: 'mixed codes', banner: '550-go\r\n220 away\r\n', note: /mixes reply codes/ },
    { name: 'a second banner', banner: '220 one\r\n220 two\r\n', note: /nobody asked/ },
  ];
  test.concurrent.each(cases)('$name is a note, not a failure', async ({ banner, note }) => {
    const server = await startScriptedServer(mailServer({ banner }));
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes.join('\n')).toMatch(note);
    await server.close();
  });

  test('a code without text is a legal reply', async () => {
    const server = await startScriptedServer(mailServer({ banner: '220' }));
    expect((await probe(testProber(), requestFor(server.port, { tls: 'off' }))).verdict).toBe('ok');
    await server.close();
  });

  test('a server without EHLO is greeted with HELO', async () => {
    const server = await startScriptedServer(mailServer({ replies: { EHLO: '502 5.5.1 not implemented' } }));
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
    expect(report.verdict).toBe('ok');
    expect(server.received.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'HELO', 'MAIL', 'RCPT', 'RSET', 'QUIT']);
    await server.close();
  });

  test('lower-case keywords count', async () => {
    const server = await startScriptedServer(
      mailServer({ capabilities: ['starttls'], replies: { STARTTLS: '454 later' } }),
    );
    const report = await probe(testProber(), requestFor(server.port));
    expect(report.attempts[0]?.tls.offered).toBe(true);
    await server.close();
  });
});

let idle: ScriptedServer | undefined;
afterAll(() => idle?.close());

test('cancelling ends a hanging probe at once and closes its sockets', async () => {
  const server = await startScriptedServer(() => undefined);
  idle = server;
  const prober = testProber({ config: testConfig({ stageTimeoutS: 30 }) });
  const stop = new AbortController();
  const running = prober.probe(requestFor(server.port), { signal: stop.signal });
  const outcome = running.then(
    () => 'answered',
    (error: unknown) => error,
  );
  while (server.open === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = performance.now();
  stop.abort(new Error('enough'));
  expect(await outcome).toMatchObject({ message: 'enough' });
  expect(performance.now() - began).toBeLessThan(100);
  while (server.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});
