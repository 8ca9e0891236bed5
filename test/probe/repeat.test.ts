import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RateLimited } from '../../src/probe/rate-limit.ts';
import { repeatProbe } from '../../src/probe/repeat.ts';
import { type ProbeReport, probeReportSchema } from '../../src/probe/report.ts';
import {
  mailServer,
  type ScriptedPeer,
  type ScriptedServer,
  startScriptedServer,
} from '../support/hostile-smtp-server.ts';
import { requestFor, testConfig, testProber } from './harness.ts';
import { madeAttempt } from './made-attempts.ts';

const never = new AbortController().signal;

/** A front end of several servers: each connection meets the next name; those of `broken` hang up at MAIL. */
function frontEnd(names: string[], broken: string[]) {
  let met = 0;
  return async (peer: ScriptedPeer): Promise<void> => {
    const name = names[met++ % names.length] ?? '';
    const banner = `220 ${name}.contoso.example ESMTP`;
    if (!broken.includes(name)) return mailServer({ banner })(peer);
    peer.send(`${banner}\r\n`);
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      if (line.startsWith('MAIL')) return peer.reset();
      peer.send(line.startsWith('EHLO') ? `250 ${name}\r\n` : '250 OK\r\n');
    }
  };
}

describe('a probe that is repeated', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer(frontEnd(['ft010', 'ft011', 'ft013'], ['ft013']));
  });
  afterAll(() => server.close());

  test('says which of several front ends fails (seed 002)', async () => {
    const prober = testProber();
    const request = requestFor(server.port, { tls: 'off' });
    const report = await repeatProbe({
      times: 12,
      intervalS: 0,
      signal: never,
      probe: () => prober.probe(request, { signal: never }),
    });
    expect(probeReportSchema.parse(report)).toMatchObject({
      verdict: 'degraded',
      errorType: 'ConnectionLost',
      stage: 'mail',
      rounds: { total: 12, failed: 4, degraded: 0 },
      correlation: { what: 'server name', value: 'ft013.contoso.example', failed: 4, of: 4 },
    });
    expect(report.attempts).toHaveLength(12);
    expect(report.summary).toMatch(
      /^4 of 12 probes fail: 127\.0\.0\.1: .* All 4 failures of 12 came from ft013\.contoso\.example; the other server names never failed/,
    );
  });
});

/** Rounds made by hand: `ok`, `degraded` or `failed` with a cause. */
function made(verdict: ProbeReport['verdict'], cause = 'reset', at = 0): ProbeReport {
  const fault =
    verdict === 'ok'
      ? { errorType: null, cause: null, stage: null, owner: 'none' as const }
      : { errorType: 'ConnectionLost' as const, cause, stage: 'mail' as const, owner: 'network' as const };
  return {
    target: 'd.example',
    verdict,
    ...fault,
    summary: verdict === 'ok' ? 'It works.' : `It fails by ${cause}.`,
    mitigation: verdict === 'ok' ? [] : [`mend ${cause}`],
    runbooks: [],
    mx: [],
    attempts: [madeAttempt({ verdict, ...fault })],
    probeId: `mm000000000${at}`,
    search: { helo: 'h.example', messageId: null, subject: null, lines: [] },
    dnssec: 'unknown',
    control: null,
    correlation: null,
    rounds: { total: 1, failed: Number(verdict === 'failed'), degraded: Number(verdict === 'degraded') },
    lastGood: null,
    startedAt: new Date(Date.UTC(2026, 10, 20, 12, 0, at * 10)).toISOString(),
    durationMs: 1000,
  };
}

async function rounds(...reports: ProbeReport[]): Promise<ProbeReport> {
  return repeatProbe({
    times: reports.length,
    intervalS: 0,
    signal: never,
    probe: async (round) => reports[round - 1] ?? made('ok'),
  });
}

describe('rounds together', () => {
  test('one round is itself', async () => {
    const one = made('failed');
    expect(await rounds(one)).toEqual(one);
  });

  const cases: [name: string, reports: ProbeReport[], expected: object][] = [
    [
      'all work',
      [made('ok'), made('ok')],
      {
        verdict: 'ok',
        summary: 'It works (2 of 2 probes).',
        rounds: { total: 2, failed: 0, degraded: 0 },
        mitigation: [],
      },
    ],
    [
      'all fail',
      [made('failed'), made('failed')],
      { verdict: 'failed', summary: '2 of 2 probes fail: It fails by reset.', cause: 'reset' },
    ],
    [
      'some fail, and nothing tells why',
      [made('ok'), made('failed'), made('ok')],
      {
        verdict: 'degraded',
        summary:
          '1 of 3 probes fails: It fails by reset. Nothing that we saw tells the failing probes from the others.',
        rounds: { total: 3, failed: 1, degraded: 0 },
      },
    ],
    [
      'some find a fault',
      [made('degraded'), made('ok')],
      { verdict: 'degraded', summary: expect.stringMatching(/^1 of 2 probes finds a fault, mail still flows: /) },
    ],
    [
      'all find a fault',
      [made('degraded'), made('degraded')],
      { verdict: 'degraded', summary: '2 of 2 probes find a fault, mail still flows: It fails by reset.' },
    ],
    [
      'some fail and some find a fault',
      [made('failed'), made('degraded'), made('ok')],
      { verdict: 'degraded', summary: expect.stringMatching(/^1 of 3 probes fails, 1 finds a fault: /) },
    ],
    [
      'the most frequent failure is told',
      [made('failed', 'reset'), made('failed', 'closed-by-peer'), made('failed', 'closed-by-peer')],
      { verdict: 'failed', cause: 'closed-by-peer', mitigation: ['mend closed-by-peer'] },
    ],
    [
      'they last from the first to the last',
      [made('ok', '', 0), made('ok', '', 1), made('ok', '', 2)],
      { startedAt: '2026-11-20T12:00:00.000Z', durationMs: 21_000 },
    ],
  ];
  test.each(cases)('%s', async (_, reports, expected) => {
    expect(await rounds(...reports)).toMatchObject(expected);
  });
});

describe('between the rounds', () => {
  test('the pause is kept and told', async () => {
    const began = performance.now();
    const heard: string[] = [];
    await repeatProbe({
      times: 2,
      intervalS: 0.2,
      signal: never,
      probe: async () => made('ok'),
      onWait: (waiting, round) => heard.push(`${round} ${waiting}`),
    });
    expect(heard).toEqual(['2 next round in 0.2 s']);
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  test('cancelling keeps what was learnt', async () => {
    const cancel = new AbortController();
    const report = await repeatProbe({
      times: 10,
      intervalS: 300,
      signal: cancel.signal,
      probe: async () => made('failed'),
      onWait: () => setTimeout(() => cancel.abort(), 10),
    });
    expect(report).toMatchObject({
      verdict: 'failed',
      summary: '1 of 1 probes fails: It fails by reset. Stopped after 1 of 10 rounds.',
      rounds: { total: 1, failed: 1 },
    });
  });

  test('cancelling within a round keeps the rounds before it', async () => {
    const silent = await startScriptedServer(() => undefined);
    const working = await startScriptedServer(mailServer());
    const cancel = new AbortController();
    const prober = testProber({ config: testConfig({ stageTimeoutS: 30 }) });
    const report = await repeatProbe({
      times: 3,
      intervalS: 0,
      signal: cancel.signal,
      probe: (round) => {
        if (round === 2) setTimeout(() => cancel.abort(), 50);
        const { port } = round === 1 ? working : silent;
        return prober.probe(requestFor(port, { tls: 'off' }), { signal: cancel.signal });
      },
    });
    expect(report).toMatchObject({ verdict: 'ok', rounds: { total: 1 } });
    expect(report.summary).toMatch(/Stopped after 1 of 3 rounds\.$/);
    await Promise.all([silent.close(), working.close()]);
  });

  test('cancelling the first round has nothing to keep', async () => {
    const cancel = new AbortController();
    cancel.abort(new Error('cancelled'));
    const prober = testProber();
    const probe = () => prober.probe(requestFor(25), { signal: cancel.signal });
    await expect(repeatProbe({ times: 3, intervalS: 0, signal: cancel.signal, probe })).rejects.toThrow('cancelled');
  });

  test('a rate limit is waited for, but not before the first round', async () => {
    let calls = 0;
    const heard: string[] = [];
    const report = await repeatProbe({
      times: 2,
      intervalS: 0,
      signal: never,
      probe: async () => {
        calls += 1;
        if (calls === 2) throw new RateLimited('Too many.', 200);
        return made('ok');
      },
      onWait: (waiting) => heard.push(waiting),
    });
    expect({ calls, total: report.rounds.total }).toEqual({ calls: 3, total: 2 });
    expect(heard).toEqual(['next round in 1 s: the limit of probes a minute is reached']);
    const limited = repeatProbe({
      times: 2,
      intervalS: 0,
      signal: never,
      probe: () => Promise.reject(new RateLimited('Too many.', 200)),
    });
    await expect(limited).rejects.toThrow('Too many. Try again in 1 s.');
  });

  test('a rate limit that does not end keeps what was learnt', async () => {
    let calls = 0;
    const report = await repeatProbe({
      times: 2,
      intervalS: 0,
      signal: never,
      probe: async () => {
        calls += 1;
        if (calls > 1) throw new RateLimited('Too many.', 1);
        return made('ok');
      },
    });
    expect(calls).toBe(6);
    expect(report.summary).toBe('It works (1 of 1 probes). Stopped after 1 of 2 rounds.');
  });
});

describe('a login that is refused', () => {
  test('is not tried again: accounts are locked that way', async () => {
    const server = await startScriptedServer(mailServer());
    const report = await testProber().probe(requestFor(server.port, { tls: 'off' }), { signal: never });
    await server.close();
    const refused: ProbeReport = { ...report, verdict: 'failed', errorType: 'AuthFailure', cause: 'rejected' };
    let asked = 0;
    const probe = async () => {
      asked += 1;
      return refused;
    };
    const joined = await repeatProbe({ times: 10, intervalS: 0, signal: never, probe });
    expect(asked).toBe(1);
    expect(joined.rounds.total).toBe(1);
  });
});
