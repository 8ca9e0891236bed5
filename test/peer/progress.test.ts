import { expect, test } from 'vitest';
import { PEER_SECTIONS, type PeerReport, peerReportSchema } from '../../src/peer/report.ts';
import type { ProbeHistory, ProbeSummary } from '../../src/probe-history.ts';
import type { DnsZone } from '../dns/dns-zone.ts';
import { changed, healthyZone, LIST, lookupIn } from './peer-world.ts';

test('shows what is known while a dead name server holds up its part', async () => {
  const shown: { at: number; report: PeerReport }[] = [];
  const began = performance.now();
  // Silent names: a list, the reverse zone, a DKIM selector and the MTA-STS host.
  const silent: DnsZone = {
    [LIST]: { fault: 'silence' },
    [`10.2.0.192.${LIST}`]: { fault: 'silence' },
    [`2.0.0.127.${LIST}`]: { fault: 'silence' },
    '192.0.2.10': { fault: 'silence' },
    's1._domainkey.contoso.example': { fault: 'silence' },
    'mta-sts.contoso.example': { fault: 'silence' },
  };
  const report = await lookupIn(changed(silent), 'contoso.example', {
    silenceMs: 1500,
    onProgress: (known) => shown.push({ at: performance.now() - began, report: peerReportSchema.parse(known) }),
  });
  // At once with nothing, then one report more for each part that has ended, each part once.
  expect(shown[0]?.report.pending).toEqual([...PEER_SECTIONS]);
  const pending = shown.map((one) => one.report.pending.length);
  expect(pending).toEqual([...pending].sort((a, b) => b - a));
  expect(new Set(pending).size).toBe(PEER_SECTIONS.length + 1);
  expect(shown.at(-1)?.report).toEqual(report);
  // Long before the silent ones are given up, the rest was there.
  const known = shown.findLast(({ report: { pending: left } }) => left.length >= 4)?.report;
  expect(known?.pending.toSorted()).toEqual(['blocklists', 'dkim', 'mtaSts', 'ptr']);
  expect(known).toMatchObject({
    mx: [{ host: 'mx1.contoso.example' }],
    spf: { state: 'ok' },
    dmarc: { policy: 'reject' },
  });
  expect(report).toMatchObject({
    lookups: { ptr: { state: 'timeout' } },
    blocklists: { state: 'timeout' },
    mtaSts: { state: 'timeout' },
    // The key that was found counts, though another selector is silent.
    dkim: { state: 'ok', selectors: [{ selector: 'selector1' }, { selector: 's1', state: 'timeout' }] },
  });
});

test.each([0, 5, 20, 60, 300])('an abort after %d ms ends everything, and leaves no promise behind', async (ms) => {
  const loose: unknown[] = [];
  const onLoose = (reason: unknown): void => void loose.push(reason);
  process.on('unhandledRejection', onLoose);
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('enough')), ms);
  const shown: PeerReport[] = [];
  const zone: DnsZone = Object.fromEntries(
    Object.entries(healthyZone()).map(([name, entry]) => [name, { ...entry, delayMs: 10 }]),
  );
  for (const name of [`2.0.0.127.${LIST}`, `1.0.0.127.${LIST}`, `10.2.0.192.${LIST}`, '_dmarc.contoso.example']) {
    zone[name] = { fault: 'silence' };
  }
  const looking = lookupIn(zone, 'contoso.example', {
    silenceMs: 3000,
    signal: stop.signal,
    onProgress: (known) => shown.push(known),
  });
  await expect(looking).rejects.toThrow('enough');
  const then = shown.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  process.off('unhandledRejection', onLoose);
  expect(loose).toEqual([]);
  expect(shown.length).toBe(then);
});

test('a domain whose name servers are all dead takes one time-out, and says so once', async () => {
  const zone: DnsZone = Object.fromEntries(
    Object.keys(healthyZone()).map((name) => [name, { fault: 'silence' as const }]),
  );
  const began = performance.now();
  const report = await lookupIn(zone, 'contoso.example');
  expect(performance.now() - began).toBeLessThan(2500);
  const trouble = report.findings.filter(({ severity }) => severity !== 'info');
  expect(trouble.map(({ severity }) => severity)).toEqual(['error', 'warning']);
  expect(trouble[0]).toMatchObject({
    text: expect.stringContaining('contoso.example cannot be looked up'),
    owner: 'dns',
  });
  expect(trouble[1]?.text).toMatch(/\d more look-ups got no answer either\.$/);
});

test('asks for policies of domains, not of hosts and addresses', async () => {
  const host = await lookupIn(healthyZone(), 'mx1.contoso.example');
  expect(host).toMatchObject({
    kind: 'host',
    domain: null,
    spf: { state: 'not-asked' },
    mtaSts: { state: 'not-asked' },
    dane: { state: 'ok', hosts: [{ host: 'mx1.contoso.example' }] },
    lookups: { mx: { state: 'absent' }, ptr: { state: 'ok' } },
  });
  const ip = await lookupIn(healthyZone(), '192.0.2.10');
  expect(ip).toMatchObject({
    kind: 'ip',
    domain: null,
    spf: { state: 'not-asked' },
    lookups: { ptr: { state: 'ok' } },
  });
  const asked = await lookupIn(healthyZone(), '198.51.100.1', { domain: 'contoso.example' });
  expect(asked).toMatchObject({
    domain: 'contoso.example',
    spf: { evaluations: [{ ip: '198.51.100.1', result: 'fail', decidedBy: '-all' }] },
    dmarc: { policy: 'reject' },
    mtaSts: { state: 'not-asked' },
    summary: '198.51.100.1 may not send as contoso.example: SPF fail, by -all.',
  });
  const allowed = await lookupIn(healthyZone(), '192.0.2.10', { domain: 'contoso.example' });
  expect(allowed.summary).toBe('192.0.2.10 may send as contoso.example: SPF pass, by ip4:192.0.2.0/24.');
});

test('an enforced policy that leaves an MX out is an error; of a testing one it is a warning', async () => {
  const { policyOf, startPolicyServer } = await import('./peer-world.ts');
  for (const [mode, severity] of [
    ['enforce', 'error'],
    ['testing', 'warning'],
  ] as const) {
    const server = await startPolicyServer(policyOf('mx9.contoso.example', mode));
    const { dial, ca } = server;
    const report = await lookupIn(healthyZone(), 'contoso.example', { dial, ca });
    await server.close();
    expect(report.mtaSts).toMatchObject({ state: 'wrong', mode });
    expect(report.findings[0]).toMatchObject({
      severity,
      owner: 'recipient',
      text: expect.stringContaining('mx1.contoso.example'),
    });
  }
});

test('TLSA records under an MX record that is not signed are worth a note', async () => {
  const zone = changed({ 'contoso.example': { ...healthyZone()['contoso.example'], secure: false } });
  const report = await lookupIn(zone, 'contoso.example');
  expect(report).toMatchObject({ dnssec: 'insecure', dane: { state: 'ok' } });
  expect(report.findings).toContainEqual(
    expect.objectContaining({ severity: 'info', text: expect.stringContaining('is not signed with DNSSEC') }),
  );
});

test.each([
  ['broken', { txt: ['v=spf1 -all', 'v=spf1 ~all'] }, /^SPF of contoso\.example is broken/],
  ['silent', { txt: ['v=spf1 include:mute.example -all'] }, /^mute\.example, which SPF of/],
])('an SPF record that is %s is said once, with its reason', async (_, entry, words) => {
  const zone = { ...changed({ 'contoso.example': entry, 'mute.example': { fault: 'silence' } }) };
  const { findings } = await lookupIn(zone, '192.0.2.10', { domain: 'contoso.example' });
  const trouble = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  expect(trouble.map(({ text }) => text)).toEqual([expect.stringMatching(words)]);
});

function summary(over: Partial<ProbeSummary>): ProbeSummary {
  return {
    v: 1,
    probeId: 'mm1',
    key: 'k',
    at: '2026-11-19T12:04:00.000Z',
    target: 'contoso.example',
    verdict: 'ok',
    errorType: null,
    cause: null,
    stage: null,
    dnssec: 'insecure',
    mx: [],
    everyAddress: true,
    paths: [],
    ...over,
  };
}

test('past probes: how often, how the last failure was named, and the name of the greeting', async () => {
  const asked: (readonly string[])[] = [];
  const path = { protocol: null, cipher: null, capabilities: [], certificate: null, dane: null, mtaSts: null };
  const history: ProbeHistory = {
    lastGood: async () => undefined,
    add: async () => undefined,
    recent: async (names) => {
      asked.push(names);
      return [
        summary({
          at: '2026-11-20T08:00:00.000Z',
          paths: [{ ...path, host: 'x', ip: '192.0.2.10', serverName: 'MX1.contoso.example' }],
        }),
        summary({ verdict: 'failed', errorType: 'CertificateFailure', cause: 'expired' }),
        summary({
          at: '2026-11-18T08:00:00.000Z',
          paths: [{ ...path, host: 'x', ip: '192.0.2.10', serverName: 'old.example' }],
        }),
        summary({ at: '2026-10-30T08:00:00.000Z', verdict: 'failed' }),
      ];
    },
  };
  const clock = { now: () => new Date('2026-11-20T12:00:00Z'), elapsed: () => performance.now() };
  const report = await lookupIn(healthyZone(), 'contoso.example', { history, clock });
  expect(asked).toEqual([['contoso.example']]);
  expect(report.history).toEqual({
    state: 'ok',
    probes: 3,
    failed: 1,
    words: 'Probed 3 times in 7 days, last failed 19 Nov 12:04 UTC: CertificateFailure expired.',
  });
  expect(report.ptr).toMatchObject([{ ip: '192.0.2.10', bannerMatch: true }]);
});

test('a history that cannot be read costs the answer nothing but itself', async () => {
  const history: ProbeHistory = {
    lastGood: async () => undefined,
    add: async () => undefined,
    recent: async () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    },
  };
  const report = await lookupIn(healthyZone(), 'contoso.example', { history });
  expect(report.history).toMatchObject({ state: 'failed' });
  expect(report.lookups.ptr.state).toBe('ok');
});

test('hostile records are bounded and reach the report as they are', async () => {
  const evil = `<!channel> \u202e${'x'.repeat(3000)}`;
  const zone = changed({
    'contoso.example': { mx: [[10, 'mx1.contoso.example']], txt: [`v=spf1 ${evil} -all`] },
    '_dmarc.contoso.example': { txt: [`v=DMARC1; p=${evil}; rua=mailto:${'a'.repeat(500)}@x.example`] },
    'default._bimi.contoso.example': { txt: [`v=BIMI1; l=https://${evil}`] },
    'selector1._domainkey.contoso.example': { txt: [`v=DKIM1; k=${evil}; p=AAAA`] },
    '_mta-sts.contoso.example': { txt: [`v=STSv1; id=${evil}`] },
    '_smtp._tls.contoso.example': { txt: [`v=TLSRPTv1; rua=${evil}`] },
    [`10.2.0.192.${LIST}`]: { a: ['127.0.0.2'], txt: [evil] },
  });
  const report = await lookupIn(zone, 'contoso.example');
  expect(JSON.stringify(report).length).toBeLessThan(20_000);
  for (const text of strings(report)) expect(text.length).toBeLessThanOrEqual(2001);
  for (const { text } of report.findings) expect(text.length).toBeLessThan(700);
});

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
