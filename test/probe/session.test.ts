import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { SmtpSession } from '../../src/probe/session/session.ts';
import { StageClock } from '../../src/probe/session/stage-clock.ts';
import { Transcript } from '../../src/probe/session/transcript.ts';
import { createTlsContexts } from '../../src/probe/tls/tls-contexts.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';

const elapsed = (): number => performance.now();

function sessionTo(port: number, host = '127.0.0.1') {
  const transcript = new Transcript(elapsed);
  const session = new SmtpSession({
    host,
    port,
    peerName: host,
    implicitTls: false,
    secureContext: createTlsContexts().modern(),
    transcript,
    clock: new StageClock(elapsed),
    stageBudgetMs: () => 1000,
    signal: new AbortController().signal,
    onNote: () => undefined,
  });
  return { session, transcript };
}

describe('SmtpSession', () => {
  test('does not let the inherited verbs onto the wire', async () => {
    const verbs = ['mail', 'rcpt', 'helo', 'quit', 'noop'] as const;
    for (const verb of verbs) {
      const server = await startScriptedServer(mailServer());
      const { session } = sessionTo(server.port);
      await session.open();
      await expect(session[verb]({})).rejects.toMatchObject({ kind: 'bad-argument' });
      while (server.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(server.received).toEqual([]);
      await server.close();
    }
  });

  test.each(['RSET\r\nMAIL FROM:<>', 'NO\nOP', 'NO\rOP', 'NOOP\0'])('refuses %j as a command', async (line) => {
    const server = await startScriptedServer(mailServer());
    const { session } = sessionTo(server.port);
    await session.open();
    await expect(session.command('mail', line)).rejects.toMatchObject({ kind: 'bad-argument' });
    expect(server.received).toEqual([]);
    await server.close();
  });

  test('keeps credentials out of the transcript', async () => {
    const server = await startScriptedServer(mailServer());
    const { session, transcript } = sessionTo(server.port);
    await session.open();
    await session.command('auth', 'AUTH PLAIN AGtpbQBzZWNyZXQ=');
    await session.farewell();
    expect(transcript.entries.map(({ text }) => text)).toContain('AUTH PLAIN ***');
    expect(JSON.stringify(transcript.entries)).not.toContain('AGtp');
    await server.close();
  });

  test('a broken session answers every later command with how it broke', async () => {
    const server = await startScriptedServer((peer) => {
      peer.send('220 mx\r\n');
      peer.end();
    });
    const { session } = sessionTo(server.port);
    await session.open();
    await expect(session.command('ehlo', 'EHLO a.example')).rejects.toMatchObject({ kind: 'closed', stage: 'ehlo' });
    await expect(session.command('mail', 'MAIL FROM:<>')).rejects.toMatchObject({ kind: 'closed', stage: 'ehlo' });
    await server.close();
  });
});

describe('connecting', () => {
  test('a refused connection', async () => {
    const server = await startScriptedServer(() => undefined);
    await server.close();
    const report = await probe(testProber(), requestFor(server.port));
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'UnableToConnect',
      cause: 'refused',
      owner: 'network',
      stage: 'connect',
    });
  });

  test('a connection that is never answered', async () => {
    // A stopped process with a full backlog: its kernel drops the SYN, as a firewall does.
    const script = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); })`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(printed.toString());
    child.kill('SIGSTOP');
    const fillers = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1').on('error', () => undefined));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const report = await probe(testProber({ config: testConfig({ stageTimeoutS: 0.3 }) }), requestFor(port));
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
    expect(report).toMatchObject({
      errorType: 'UnableToConnect',
      cause: 'timeout',
      owner: 'network',
      stage: 'connect',
    });
  });

  test('the deadline of the whole probe counts too', async () => {
    const server = await startScriptedServer(() => undefined);
    const prober = testProber({ config: testConfig({ stageTimeoutS: 30 }) });
    const began = performance.now();
    const report = await probe(prober, requestFor(server.port, { timeoutS: 0.2 }));
    expect(report).toMatchObject({ errorType: 'ProbeTimeout', cause: 'banner', owner: 'network' });
    expect(report.summary).toContain('the time of the probe was up');
    expect(performance.now() - began).toBeLessThan(1500);
    await server.close();
  });

  test('a probe that waits for its turn is cancelled at once', async () => {
    const server = await startScriptedServer(() => undefined);
    const prober = testProber({ config: testConfig({ stageTimeoutS: 1, concurrency: 1 }) });
    const running = probe(prober, requestFor(server.port));
    const stop = new AbortController();
    const waiting = prober.probe(requestFor(server.port), { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    const began = performance.now();
    await expect(waiting).rejects.toThrow('enough');
    expect(performance.now() - began).toBeLessThan(500);
    await running;
    expect(server.accepted).toBe(1);
    await server.close();
  });

  test('a prober holds people to its limits', async () => {
    const server = await startScriptedServer(mailServer());
    const prober = testProber({ config: testConfig({ perUserPerMinute: 1 }) });
    const options = { signal: new AbortController().signal, userId: 'ann' };
    await prober.probe(requestFor(server.port, { tls: 'off' }), options);
    await expect(prober.probe(requestFor(server.port), options)).rejects.toThrow(/Try again in/);
    await server.close();
  });

  test('IPv6, where this machine has it', async (context) => {
    const server = await startScriptedServer(mailServer(), '::1').catch(() => context.skip());
    const target = { kind: 'ip', ip: '::1', port: server.port } as const;
    const report = await probe(testProber(), requestFor(server.port, { target, tls: 'off' }));
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ ip: '::1' }] });
    await server.close();
  });
});
