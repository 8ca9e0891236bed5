import { describe, expect, test } from 'vitest';
import type { ProbeSettings } from '../../src/probe/attempt/attempt-context.ts';
import { AttemptRecord } from '../../src/probe/attempt/attempt-record.ts';
import { waitOut } from '../../src/probe/attempt/greylist.ts';
import type { ProbeProgress } from '../../src/probe/probe.ts';
import { mailServer, type Script, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';

const ENV = { MAILMEDIC_MAILBOXES: 'monitor@contoso.example' };

/** Answers the verb so on the first connections, one after the other; later ones as usual. */
function atFirst(verb: string, ...texts: string[]): Script {
  const left = [...texts];
  return (peer) => {
    const text = left.shift();
    return mailServer(text === undefined ? {} : { replies: { [verb]: text } })(peer);
  };
}

describe('greylisting (RFC 6647)', () => {
  const passes: { verb: string; text: string; after: RegExp }[] = [
    {
      verb: 'RCPT',
      text: '450 4.2.0 <postmaster>: Recipient address rejected: Greylisted, try again in 1 seconds',
      after: /after 1 s/,
    },
    { verb: 'MAIL', text: '451 4.7.1 Greylisting in action, please come back in 00:00:01', after: /after 1 s/ },
    { verb: 'RCPT', text: '451 4.7.1 Please try again later', after: /after 1 s/ },
    { verb: 'DATA', text: '451 4.7.1 Greylisted for 1 s', after: /after 1 s/ },
    { verb: 'end-of-data', text: '450 4.7.1 Try again later', after: /after 1 s/ },
  ];
  test.concurrent.each(passes)('$verb $text: accepted the second time', async ({ verb, text, after }) => {
    const server = await startScriptedServer(atFirst(verb, text));
    const config = testConfig({ greylistWaitS: 1 }, ENV);
    const submits = verb === 'DATA' || verb === 'end-of-data';
    const request = requestFor(server.port, {
      tls: 'off',
      ...(submits ? { depth: 'submit', to: 'monitor@contoso.example' } : {}),
    });
    const report = await probe(testProber({ config }), request);
    expect(report).toMatchObject({ verdict: 'ok', errorType: null, attempts: [{ verdict: 'ok' }] });
    expect(report.attempts[0]?.notes.join()).toMatch(/^Greylisted at first; accepted after/);
    expect(report.attempts[0]?.notes.join()).toMatch(after);
    // The same name, sender and recipient both times, or the server would not know us again.
    const said = (verb: string): string[] => server.received.filter((line) => line.startsWith(verb));
    expect(server.accepted).toBe(2);
    expect(new Set(said('EHLO')).size).toBe(1);
    expect(new Set(said('MAIL')).size).toBe(1);
    expect(new Set(said('RCPT')).size).toBe(1);
    expect(report.attempts[0]?.transcript.map(({ text }) => text)).toContain('waiting 1 s, greylisted');
    expect(report.durationMs).toBeGreaterThan(1000);
    await server.close();
  });

  const stays: { name: string; replies: string[]; waitS: number; timeoutS?: number; tries: number; words: RegExp }[] = [
    {
      name: 'a wait longer than allowed',
      replies: ['450 4.2.0 Greylisted, please try again in 300 seconds'],
      waitS: 2,
      tries: 1,
      words: /: greylisted: try again in 5 minutes \(450 4\.2\.0\)\.$/,
    },
    {
      name: 'no waiting at all',
      replies: ['450 4.2.0 Greylisted'],
      waitS: 0,
      tries: 1,
      words: /: greylisted: try again later \(450 4\.2\.0\)\.$/,
    },
    {
      name: 'a wait longer than the probe has left',
      replies: ['450 4.2.0 Greylisted, please try again in 3 seconds'],
      waitS: 20,
      timeoutS: 2,
      tries: 1,
      words: /try again in 3 seconds/,
    },
    {
      name: 'greylisted again',
      replies: ['450 4.2.0 Greylisted for 1 s', '450 4.2.0 Greylisted, retry in 5 minutes'],
      waitS: 2,
      tries: 2,
      words: /still greylisted after 1 s: try again in 5 minutes/,
    },
  ];
  test.concurrent.each(stays)('$name is degraded', async ({ replies, waitS, timeoutS, tries, words }) => {
    const server = await startScriptedServer(atFirst('RCPT', ...replies));
    const prober = testProber({ config: testConfig({ greylistWaitS: waitS }) });
    const report = await probe(
      prober,
      requestFor(server.port, { tls: 'off', ...(timeoutS === undefined ? {} : { timeoutS }) }),
    );
    expect(report).toMatchObject({
      verdict: 'degraded',
      errorType: 'ServerBusy',
      cause: 'greylisted',
      stage: 'rcpt',
      owner: 'none',
    });
    expect(report.summary).toMatch(words);
    expect(server.accepted).toBe(tries);
    await server.close();
  });

  test('what goes wrong the second time is the answer', async () => {
    const server = await startScriptedServer(atFirst('RCPT', '450 4.2.0 Greylisted for 1 s', '550 5.1.1 no such user'));
    const report = await probe(
      testProber({ config: testConfig({ greylistWaitS: 2 }) }),
      requestFor(server.port, { tls: 'off' }),
    );
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'RecipientRejected',
      cause: 'unknown',
      stage: 'rcpt',
    });
    expect(report.attempts[0]?.notes).toEqual(['Greylisted at first; tried again after 1 s.']);
    await server.close();
  });

  const others = [
    '451 4.7.1 Service unavailable - try again later',
    '452 4.3.1 Insufficient system resources',
    '451 4.3.2 busy',
  ];
  test.concurrent.each(others)('%s is no greylisting', async (text) => {
    const server = await startScriptedServer(atFirst('RCPT', text));
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'ServerBusy' });
    expect(report.cause).not.toBe('greylisted');
    expect(server.accepted).toBe(1);
    await server.close();
  });

  test('the wait itself ends when it is cancelled, and leaves no timer', async () => {
    const stop = new AbortController();
    const record = new AttemptRecord(
      { host: 'mx', ip: '192.0.2.1', port: 25, dnsMs: null },
      () => 0,
      () => undefined,
    );
    const settings = { signal: stop.signal } as ProbeSettings;
    const waiting = waitOut({ record, settings }, 'rcpt', 60_000);
    const began = performance.now();
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled', stage: 'rcpt' });
    expect(performance.now() - began).toBeLessThan(100);
  });

  test('progress shows the wait, and cancelling ends it at once', async () => {
    const server = await startScriptedServer(atFirst('RCPT', '450 4.2.0 Greylisted for 15 s'));
    const prober = testProber({ config: testConfig({ greylistWaitS: 20 }) });
    const stop = new AbortController();
    const notes: (string | undefined)[] = [];
    let cancelledAt = 0;
    const onProgress = ({ attempts }: ProbeProgress): void => {
      const rcpt = attempts[0]?.stages.find(({ name }) => name === 'rcpt');
      if (rcpt?.note === undefined || stop.signal.aborted) return;
      notes.push(rcpt.note);
      expect(rcpt.state).toBe('running');
      cancelledAt = performance.now();
      setTimeout(() => stop.abort(new Error('enough')), 20);
    };
    await expect(
      prober.probe(requestFor(server.port, { tls: 'off' }), { signal: stop.signal, onProgress }),
    ).rejects.toThrow('enough');
    expect(notes).toEqual(['waiting 15 s, greylisted']);
    expect(performance.now() - cancelledAt).toBeLessThan(500);
    await server.close();
  });
});
