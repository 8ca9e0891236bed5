import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import nodePath from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/log.ts';
import { compareWithLastGood } from '../../src/probe/history/compare-last-good.ts';
import { rememberProbes } from '../../src/probe/history/remember-probe.ts';
import { historyKey, summarizeProbe } from '../../src/probe/history/summarize-probe.ts';
import type { Prober } from '../../src/probe/probe.ts';
import type { ProbeReport } from '../../src/probe/report.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';
import { type ProbeHistory, type ProbeSummary, probeSummarySchema } from '../../src/probe-history.ts';
import { createProbeHistory } from '../../src/store/probe-history/probe-history.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber } from './harness.ts';

type Path = ProbeSummary['paths'][number];

const CERTIFICATE: NonNullable<Path['certificate']> = {
  subject: 'CN=mx1.contoso.example',
  issuer: 'CN=Example CA',
  sha256: 'aa',
  validFrom: '2026-08-20T00:00:00.000Z',
  validTo: '2026-11-17T00:00:00.000Z',
};

function path(over: Partial<Path> = {}): Path {
  return {
    host: 'mx1.contoso.example',
    ip: '203.0.113.10',
    serverName: 'mx1.contoso.example',
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    capabilities: ['PIPELINING', 'STARTTLS'],
    certificate: CERTIFICATE,
    dane: 'none',
    mtaSts: 'match',
    ...over,
  };
}

function summary(over: Partial<ProbeSummary> = {}): ProbeSummary {
  return {
    v: 1,
    probeId: 'mm1',
    key: 'domain contoso.example',
    at: '2026-11-20T12:00:00.000Z',
    target: 'contoso.example',
    verdict: 'ok',
    errorType: null,
    cause: null,
    stage: null,
    dnssec: 'secure',
    mx: ['mx1.contoso.example'],
    everyAddress: true,
    paths: [path()],
    ...over,
  };
}

describe('compareWithLastGood', () => {
  const other = (over: Partial<Path>): Partial<ProbeSummary> => ({ paths: [path(over)] });
  const renewed = {
    ...CERTIFICATE,
    sha256: 'bb',
    validFrom: '2026-11-19T06:00:00.000Z',
    validTo: '2027-02-17T00:00:00.000Z',
  };

  it.each<[what: string, now: Partial<ProbeSummary>, changes: string[], before?: Partial<ProbeSummary>]>([
    ['nothing', {}, []],
    ['only a verdict', { verdict: 'failed', errorType: 'ServerBusy' }, []],
    [
      'certificate renewed',
      other({ certificate: renewed }),
      ['certificate renewed (issued yesterday, valid to 17 Feb 2027)'],
    ],
    [
      'certificate of another authority',
      other({ certificate: { ...renewed, validFrom: '2026-11-20T06:00:00.000Z', issuer: 'CN=Other CA' } }),
      ['certificate changed (issued today, valid to 17 Feb 2027), issuer now CN=Other CA, was CN=Example CA'],
    ],
    [
      'older certificate put back',
      other({ certificate: { ...CERTIFICATE, sha256: 'cc', validTo: '2026-10-01T00:00:00.000Z' } }),
      ['certificate changed (issued 20 Aug 2026, valid to 1 Oct 2026)'],
    ],
    ['no certificate seen this time', other({ certificate: null, protocol: null, cipher: null }), []],
    [
      'another banner',
      other({ serverName: 'mx9.contoso.example' }),
      ['banner host differs: mx9.contoso.example, was mx1.contoso.example'],
    ],
    ['the same banner in capitals', other({ serverName: 'MX1.Contoso.Example' }), []],
    ['TLS version', other({ protocol: 'TLSv1.2' }), ['TLSv1.2 instead of TLSv1.3, an older version']],
    [
      'cipher',
      other({ cipher: 'TLS_CHACHA20_POLY1305_SHA256' }),
      ['cipher TLS_CHACHA20_POLY1305_SHA256 instead of TLS_AES_256_GCM_SHA384'],
    ],
    [
      'STARTTLS stripped',
      other({ capabilities: ['PIPELINING', 'XXXXXXXA'] }),
      ['no longer offers STARTTLS', 'now offers XXXXXXXA'],
    ],
    ['no EHLO reached', other({ capabilities: [] }), []],
    [
      'DANE and DNSSEC',
      { ...other({ dane: 'mismatch' }), dnssec: 'bogus' },
      ['DANE now mismatch, was none', 'DNSSEC now bogus, was secure'],
    ],
    ['MTA-STS not known this time', other({ mtaSts: 'unknown' }), []],
    ['MX', { mx: ['mx1.contoso.example', 'mx2.contoso.example'] }, ['MX added: mx2.contoso.example']],
    ['MX gone', { mx: [] }, ['MX gone: mx1.contoso.example']],
    ['MX that could not be looked up', { mx: [], errorType: 'DnsFailure', paths: [], everyAddress: false }, []],
    [
      'one more address',
      { paths: [path(), path({ ip: '203.0.113.11' })] },
      ['address added: 203.0.113.11 (mx1.contoso.example)'],
    ],
    [
      'another address, not all were tried',
      { ...other({ ip: '203.0.113.11' }), everyAddress: false },
      ['mx1.contoso.example is 203.0.113.11, was 203.0.113.10'],
    ],
    [
      'fewer addresses, not all were tried',
      { everyAddress: false },
      [],
      { paths: [path(), path({ ip: '203.0.113.11' })], everyAddress: true },
    ],
    [
      'two addresses, one of them changed',
      { paths: [path(), path({ ip: '203.0.113.11', protocol: 'TLSv1.2' })] },
      ['TLSv1.2 instead of TLSv1.3, an older version at mx1.contoso.example'],
      { paths: [path(), path({ ip: '203.0.113.11' })] },
    ],
    [
      'many MX',
      { mx: ['mx1.contoso.example', 'a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example'] },
      ['MX added: a.example, b.example, c.example, d.example and 2 more'],
    ],
  ])('%s', (_what, now, changes, before = {}) => {
    const then = summary({ at: '2026-11-14T09:00:00.000Z', ...before });
    expect(compareWithLastGood(summary(now), then)).toEqual(changes);
  });
});

const REQUEST: ProbeRequest = {
  text: 'Kim@Contoso.example',
  target: { kind: 'domain', domain: 'contoso.example', mailbox: 'Kim@contoso.example' },
  depth: 'rcpt',
  tls: 'opportunistic',
  chunking: 'auto',
  pipelining: 'auto',
  tlsScan: false,
  all: false,
};

describe('historyKey', () => {
  it.each<[Partial<ProbeRequest>, string]>([
    [{}, 'domain contoso.example port 25 depth rcpt tls opportunistic'],
    [{ tls: 'implicit' }, 'domain contoso.example port 465 depth rcpt tls implicit'],
    [{ port: 587, depth: 'tls' }, 'domain contoso.example port 587 depth tls tls opportunistic'],
    [
      { target: { kind: 'host', host: 'MX1.contoso.example', port: 2525 }, hostIp: '203.0.113.9' },
      'host mx1.contoso.example at 203.0.113.9 port 2525 depth rcpt tls opportunistic',
    ],
    [{ target: { kind: 'ip', ip: '2001:db8::1' } }, 'ip 2001:db8::1 port 25 depth rcpt tls opportunistic'],
    // What does not change the server does not change the key.
    [
      { all: true, from: 'a@fabrikam.example', helo: 'x.example' },
      'domain contoso.example port 25 depth rcpt tls opportunistic',
    ],
  ])('%j', (over, key) => {
    expect(historyKey({ ...REQUEST, ...over })).toBe(key);
  });
});

describe('summarizeProbe', () => {
  it('fits one line of the history and holds no mailbox, whatever the peer says', async () => {
    const report = await probeLocally();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.integer({ min: 1, max: 20 }), (text, count) => {
        const words = `${text} kim@fabrikam.example`;
        const [one] = report.attempts;
        if (one === undefined) throw new Error('there is no attempt');
        const attempts = Array.from({ length: count }, (_, n) => ({
          ...one,
          host: `mx${n}.${text}`,
          banner: { text: words, serverName: words },
          capabilities: Array.from({ length: 60 }, (__, each) => `${each}${words}`),
          capabilitiesBeforeTls: null,
          certificate: {
            subject: words,
            issuer: words,
            altNames: [words],
            validFrom: words,
            validTo: words,
            chain: [{ subject: words, issuer: words, validTo: words, sha256: words, bits: 2048 }],
          },
          tls: { ...one.tls, cipher: words, dane: words, mtaSts: words },
        }));
        const mx = attempts.map(({ host }) => ({ host, preference: 10 }));
        const made = summarizeProbe({ ...report, attempts, mx }, REQUEST);
        const json = JSON.stringify(made);
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(4093);
        expect(json).not.toMatch(/kim@/i);
        expect(probeSummarySchema.safeParse(made).success).toBe(true);
      }),
      {
        numRuns: 40,
        examples: [
          ['a'.repeat(300), 20],
          ['ä'.repeat(300), 20],
        ],
      },
    );
  });

  it('writes names in one case, so that those which DNS gives in capitals are found again', async () => {
    const report = await probeLocally();
    const attempts = report.attempts.map((one) => ({ ...one, host: 'ASPMX.Contoso.EXAMPLE' }));
    const mx = [{ host: 'ASPMX.Contoso.EXAMPLE', preference: 1 }];
    const made = summarizeProbe({ ...report, attempts, mx }, REQUEST);
    expect(made.mx).toEqual(['aspmx.contoso.example']);
    expect(made.paths[0]?.host).toBe('aspmx.contoso.example');
  });

  it('remembers of several rounds the best of each address', async () => {
    const report = await probeLocally();
    const [good] = report.attempts;
    if (good === undefined) throw new Error('there is no attempt');
    const bad = { ...good, verdict: 'failed' as const, banner: null };
    const { paths } = summarizeProbe({ ...report, attempts: [bad, good, bad] }, REQUEST);
    expect(paths).toHaveLength(1);
    expect(paths[0]?.serverName).not.toBeNull();
  });
});

describe('rememberProbes', () => {
  const clock = { elapsed: () => performance.now() };
  const options = { signal: new AbortController().signal };

  it('compares with the last good probe of the same key, by way of the file', async () => {
    const dataDir = await mkdtemp(nodePath.join(tmpdir(), 'mailmedic-last-good-'));
    try {
      const history = createProbeHistory({ dataDir, clock: { now: () => new Date() } });
      const names = ['mx1.contoso.example', 'mx2.contoso.example'];
      const reports: ProbeReport[] = [];
      for (const name of names) {
        // A new process each time, as on the command line.
        const prober = rememberProbes(fixed(await probeLocally(name)), { history, clock, logger: silentLogger() });
        reports.push(await prober.probe(REQUEST, options));
      }
      expect(reports[0]?.lastGood).toBeNull();
      expect(reports[1]?.lastGood).toEqual({
        at: reports[0]?.startedAt,
        changes: expect.arrayContaining(['banner host differs: mx2.contoso.example, was mx1.contoso.example']),
      });
      const otherKey = rememberProbes(fixed(await probeLocally()), { history, clock, logger: silentLogger() });
      expect((await otherKey.probe({ ...REQUEST, depth: 'connect' }, options)).lastGood).toBeNull();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('answers all the same when the history can neither be read nor written', async () => {
    const warnings: string[] = [];
    const logger = silentLogger();
    logger.warn = (_fields: unknown, message?: string) => void warnings.push(message ?? '');
    const broken: ProbeHistory = {
      lastGood: () => Promise.reject(new Error('EIO')),
      recent: () => Promise.reject(new Error('EIO')),
      add: () => Promise.reject(new Error('ENOSPC')),
    };
    const report = await probeLocally();
    const prober = rememberProbes(fixed(report), { history: broken, clock, logger });
    expect(await prober.probe(REQUEST, options)).toEqual({ ...report, lastGood: null });
    expect(warnings).toEqual(['the last good probe could not be read', 'the probe could not be remembered']);
  });

  it('remembers the same answer once in ten minutes, and any other at once', async () => {
    const added: ProbeSummary[] = [];
    const history: ProbeHistory = {
      lastGood: () => Promise.resolve(undefined),
      recent: () => Promise.resolve([]),
      add: async (one) => void added.push(one),
    };
    let now = 0;
    let answer = await probeLocally();
    const prober = rememberProbes(
      { probe: () => Promise.resolve(answer) },
      { history, clock: { elapsed: () => now }, logger: silentLogger() },
    );
    for (const [at, verdict, count] of [
      [0, 'ok', 1],
      [60_000, 'ok', 1],
      [120_000, 'failed', 2],
      [180_000, 'ok', 3],
      [779_000, 'ok', 3],
      [780_001, 'ok', 4],
    ] as const) {
      now = at;
      answer = { ...answer, verdict, probeId: `mm${at}` };
      await prober.probe(REQUEST, options);
      expect(added).toHaveLength(count);
    }
  });

  it('passes on what the probe throws', async () => {
    const failing: Prober = { probe: () => Promise.reject(new Error('cancelled')) };
    const history = createProbeHistory({ dataDir: '/nonexistent', clock: { now: () => new Date() } });
    const prober = rememberProbes(failing, { history, clock, logger: silentLogger() });
    await expect(prober.probe(REQUEST, options)).rejects.toThrow('cancelled');
  });
});

function fixed(report: ProbeReport): Prober {
  return { probe: () => Promise.resolve(report) };
}

/** The report of a real server that greets by this name. */
async function probeLocally(name = 'mx1.contoso.example'): Promise<ProbeReport> {
  const server = await startScriptedServer(mailServer({ banner: `220 ${name} ESMTP` }));
  try {
    return await probe(testProber(), requestFor(server.port, { tls: 'off' }));
  } finally {
    await server.close();
  }
}
