import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailServer, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber, type Zone, zoneResolver } from './harness.ts';

/** Documentation addresses, played by loopback servers: what the sandbox does. */
const env = { MAILMEDIC_EGRESS_ALLOW: '203.0.113.0/24,2001:db8::/32,127.0.0.0/8' };
const WORKING = '203.0.113.10';
const REFUSING = '203.0.113.20';
const UNKNOWN_USER = '203.0.113.30';

let working: ScriptedServer;
let unknownUser: ScriptedServer;
let closedPort: number;
beforeAll(async () => {
  working = await startScriptedServer(mailServer());
  unknownUser = await startScriptedServer(mailServer({ replies: { RCPT: '550 5.1.1 User unknown' } }));
  const gone = await startScriptedServer(() => undefined);
  closedPort = gone.port;
  await gone.close();
});
afterAll(async () => {
  await working.close();
  await unknownUser.close();
});

const dial = (ip: string) => ({
  host: '127.0.0.1',
  port: ip === WORKING ? working.port : ip === UNKNOWN_USER ? unknownUser.port : closedPort,
});

function prober(zone: Zone) {
  return testProber({ resolver: zoneResolver(zone), dial, config: testConfig({}, env) });
}

const asked = (domain: string, overrides: Parameters<typeof requestFor>[1] = {}) => ({
  ...requestFor(25, { text: domain, target: { kind: 'domain', domain }, tls: 'off', ...overrides }),
});

/** One MX host an address, all of the same preference unless `step` sets them apart. */
function pool(ips: string[], step = 0): Zone {
  const hosts = ips.map((_, at) => ({ host: `mx${at + 1}.pool.example`, preference: 10 + at * step }));
  return { mx: { 'pool.example': hosts }, a: Object.fromEntries(hosts.map(({ host }, at) => [host, [ips[at] ?? '']])) };
}

describe('several addresses', () => {
  test('the first that works is enough', async () => {
    const report = await probe(prober(pool([WORKING, REFUSING])), asked('pool.example'));
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ ip: WORKING, verdict: 'ok' }] });
  });

  test('one of two refusing is degraded (seed 004)', async () => {
    for (const request of [asked('pool.example'), asked('pool.example', { all: true })]) {
      const report = await probe(prober(pool([REFUSING, WORKING])), request);
      expect(report).toMatchObject({
        verdict: 'degraded',
        errorType: 'UnableToConnect',
        cause: 'refused',
        owner: 'network',
        stage: 'connect',
      });
      expect(report.attempts.map(({ ip, verdict }) => `${ip} ${verdict}`)).toEqual([
        `${REFUSING} failed`,
        `${WORKING} ok`,
      ]);
      expect(report.summary).toMatch(
        /^1 of 2 addresses refuses: senders that choose it see intermittent delay\. mx1\.pool\.example/,
      );
    }
  });

  test('several of many failing are counted in good grammar', async () => {
    const report = await probe(prober(pool([REFUSING, REFUSING, WORKING])), asked('pool.example'));
    expect(report.summary).toMatch(
      /^2 of 3 addresses refuse: senders that choose one of them see intermittent delay\./,
    );
  });

  test('all are tried when asked', async () => {
    const report = await probe(prober(pool([WORKING, WORKING])), asked('pool.example', { all: true }));
    expect(report.attempts).toHaveLength(2);
    expect(report.summary).toMatch(/^All 2 addresses work\./);
  });

  test('none working is failed', async () => {
    const report = await probe(prober(pool([REFUSING, REFUSING])), asked('pool.example', { all: true }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'UnableToConnect', cause: 'refused' });
    expect(report.summary).toMatch(/^None of 2 addresses works\. mx1/);
  });

  test('where none works, the refusal for good that a sender ends at is the answer', async () => {
    const report = await probe(prober(pool([REFUSING, UNKNOWN_USER, REFUSING])), asked('pool.example', { all: true }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'RecipientRejected', cause: 'unknown' });
    expect(report.summary).toMatch(/^None of 3 addresses works: 2 refuse, 1 refuses the recipient\. mx2/);
  });

  test('a backup that takes over is told from a pool', async () => {
    const report = await probe(prober(pool([REFUSING, WORKING], 10)), asked('pool.example'));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'UnableToConnect', cause: 'refused' });
    expect(report.summary).toMatch(/^The primary MX refuses, the backup works: mail is delayed, then flows\. mx1/);
  });

  test('a backup that refuses costs nothing while the primary works', async () => {
    const report = await probe(prober(pool([WORKING, REFUSING], 10)), asked('pool.example', { all: true }));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'UnableToConnect', cause: 'refused' });
    expect(report.summary).toMatch(
      /^The primary MX works; the backup MX refuses: mail flows as long as the primary is up/,
    );
  });

  test('the order is that of preference, however the records come', async () => {
    const zone = pool([WORKING, REFUSING], 10);
    zone.mx = { 'pool.example': (zone.mx?.['pool.example'] ?? []).toReversed() };
    const report = await probe(prober(zone), asked('pool.example'));
    expect(report.attempts.map(({ ip }) => ip)).toEqual([WORKING]);
    expect(report.mx.map(({ preference }) => preference)).toEqual([10, 20]);
  });

  test('a host that two records name is tried once', async () => {
    const zone = pool([WORKING]);
    zone.mx = { 'pool.example': [10, 20].map((preference) => ({ host: 'mx1.pool.example', preference })) };
    const report = await probe(prober(zone), asked('pool.example', { all: true }));
    expect(report.attempts).toHaveLength(1);
  });

  test('a permanent refusal of the recipient ends delivery: no other address is tried', async () => {
    const report = await probe(prober(pool([UNKNOWN_USER, WORKING])), asked('pool.example'));
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'RecipientRejected',
      cause: 'unknown',
      stage: 'rcpt',
    });
    expect(report.attempts).toHaveLength(1);
    expect(report.attempts[0]?.lastReply).toEqual({ code: '550', enhanced: '5.1.1', text: 'User unknown' });
  });

  test('IPv6 without a route is not held against a server that answers on IPv4', async () => {
    const zone = {
      a: { 'mx.pool.example': [WORKING] },
      aaaa: { 'mx.pool.example': ['2001:db8::1'] },
      mx: { 'pool.example': [{ host: 'mx.pool.example', preference: 0 }] },
    };
    const real = testProber({
      resolver: zoneResolver(zone),
      config: testConfig({}, env),
      // Multicast needs an interface: connecting to it fails the way a machine without IPv6 does (ENETUNREACH or alike).
      dial: (ip) => (ip.includes(':') ? { host: 'ff02::1', port: 25 } : dial(ip)),
    });
    const report = await probe(real, asked('pool.example', { all: true }));
    expect(report.attempts.map(({ cause }) => cause)).toEqual([null, 'unreachable']);
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes.join()).toContain('IPv6 could not be tried');
  });
});

describe('DNS', () => {
  const cases: { name: string; zone: Zone; cause: string; owner?: string; words: RegExp }[] = [
    { name: 'no such domain', zone: {}, cause: 'nxdomain', words: /does not exist/ },
    { name: 'SERVFAIL', zone: { broken: { 'd.example': 'servfail' } }, cause: 'servfail', words: /SERVFAIL/ },
    { name: 'broken signatures', zone: { broken: { 'd.example': 'dnssec' } }, cause: 'dnssec', words: /DNSSEC/ },
    { name: 'silence', zone: { broken: { 'd.example': 'timeout' } }, cause: 'timeout', words: /do not answer/ },
    {
      name: 'a resolver that refuses',
      zone: { broken: { 'd.example': 'refused' } },
      cause: 'lookup-failed',
      owner: 'dns',
      words: /refuses the look-up/,
    },
    {
      name: 'null MX',
      zone: { mx: { 'd.example': [{ host: '', preference: 0 }] } },
      cause: 'null-mx',
      owner: 'recipient',
      words: /RFC 7505/,
    },
    {
      name: 'MX to an address',
      zone: { mx: { 'd.example': [{ host: '192.0.2.1', preference: 0 }] } },
      cause: 'invalid-mx',
      words: /host name must stand/,
    },
    {
      name: 'MX to nothing that could be a name',
      zone: { broken: { 'd.example': 'invalid' } },
      cause: 'invalid-mx',
      words: /name no host that can be looked up/,
    },
    {
      name: 'an alias that leads nowhere',
      zone: { cname: { 'd.example': 'loop.example' } },
      cause: 'no-address',
      words: /d\.example is an alias \(CNAME\) of loop\.example and has neither MX nor address/,
    },
    {
      name: 'MX to an alias that leads nowhere',
      zone: { mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] }, cname: { 'mx.d.example': 'x.example' } },
      cause: 'no-address',
      words: /MX host mx\.d\.example is an alias \(CNAME\) of x\.example and has no address/,
    },
    {
      name: 'MX to a name without address',
      zone: { mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] } },
      cause: 'no-address',
      words: /MX host mx\.d\.example does not exist \(NXDOMAIN\), so it has no address/,
    },
    {
      name: 'MX to a name that has other records only',
      zone: {
        mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] },
        broken: { 'mx.d.example': 'nodata' },
      },
      cause: 'no-address',
      words: /mx\.d\.example has no address/,
    },
    {
      name: 'MX to a name whose servers are silent',
      zone: { mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] }, broken: { 'mx.d.example': 'timeout' } },
      cause: 'timeout',
      words: /address of mx\.d\.example: its name servers do not answer/,
    },
    {
      name: 'MX to a name that may not be asked about',
      zone: { mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] }, broken: { 'mx.d.example': 'refused' } },
      cause: 'lookup-failed',
      owner: 'dns',
      words: /address of mx\.d\.example: the DNS server refuses/,
    },
    {
      name: 'MX to localhost',
      zone: { mx: { 'd.example': [{ host: 'localhost', preference: 0 }] }, a: { localhost: ['127.0.0.1'] } },
      cause: 'invalid-mx',
      words: /points at localhost, where each sender finds only itself/,
    },
    {
      name: 'MX to a name whose servers fail',
      zone: { mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] }, broken: { 'mx.d.example': 'servfail' } },
      cause: 'servfail',
      words: /mx\.d\.example/,
    },
    {
      name: 'neither MX nor address',
      zone: { ptr: { 'd.example': [] } },
      cause: 'no-address',
      words: /neither MX nor address/,
    },
  ];
  test.each(cases)('$name is DnsFailure $cause', async ({ zone, cause, owner = 'dns', words }) => {
    const report = await probe(prober(zone), asked('d.example'));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'DnsFailure', cause, stage: 'dns', owner });
    expect(report.attempts.filter(({ ip }) => ip !== null)).toEqual([]);
    expect(report.summary).toMatch(words);
    expect(report.mitigation).toEqual([`mend DnsFailure ${cause}`]);
  });

  test('without MX the address of the domain is used', async () => {
    const report = await probe(prober({ a: { 'd.example': [WORKING] } }), asked('d.example'));
    expect(report).toMatchObject({ verdict: 'ok', mx: [], attempts: [{ host: 'd.example', ip: WORKING }] });
    expect(report.attempts[0]?.notes.join()).toContain('no MX record');
  });

  test('an MX host that is an alias is a note', async () => {
    const zone = {
      mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] },
      a: { 'mx.d.example': [WORKING] },
      cname: { 'mx.d.example': 'other.example' },
    };
    const report = await probe(prober(zone), asked('d.example'));
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes.join()).toContain('alias (CNAME) of other.example');
  });

  test('an MX host without address beside one that works is degraded', async () => {
    const zone = {
      ...pool([WORKING]),
      mx: {
        'pool.example': [
          { host: 'gone.example', preference: 1 },
          { host: 'mx1.pool.example', preference: 10 },
        ],
      },
    };
    const report = await probe(prober(zone), asked('pool.example'));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'DnsFailure', cause: 'no-address' });
    expect(report.attempts.map(({ host, ip }) => `${host} ${ip}`)).toEqual([
      'gone.example null',
      `mx1.pool.example ${WORKING}`,
    ]);
  });

  test('a backup MX without address is named even when the primary is enough', async () => {
    const zone = pool([WORKING]);
    zone.mx?.['pool.example']?.push({ host: 'gone.example', preference: 20 });
    const report = await probe(prober(zone), asked('pool.example'));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'DnsFailure', cause: 'no-address', owner: 'dns' });
    expect(report.summary).toMatch(/^The primary MX works; the backup MX has no address: mail flows as long as/);
    expect(report.attempts.map(({ verdict }) => verdict)).toEqual(['ok', 'failed']);
  });

  test('a null MX beside real ones is a note', async () => {
    const zone = pool([WORKING]);
    zone.mx?.['pool.example']?.push({ host: '', preference: 0 });
    const report = await probe(prober(zone), asked('pool.example'));
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes.join()).toContain('RFC 7505 forbids');
  });

  test('IPv6 alone is enough, with a word about senders that lack it', async () => {
    const zone = { mx: pool([WORKING]).mx ?? {}, aaaa: { 'mx1.pool.example': ['2001:db8::1'] } };
    const real = testProber({
      resolver: zoneResolver(zone),
      config: testConfig({}, env),
      dial: () => ({ host: '127.0.0.1', port: working.port }),
    });
    const report = await probe(real, asked('pool.example'));
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ ip: '2001:db8::1' }] });
    expect(report.attempts[0]?.notes.join()).toContain('There is no IPv4 address');
  });

  test.each<[ipv4: 'fails' | 'works', summary: RegExp]>([
    ['works', /^IPv6 fails, IPv4 works: senders that prefer IPv6 are delayed\. mx\.pool\.example \(2001:db8::1\)/],
    ['fails', /^IPv4 fails, IPv6 works: senders without IPv6 cannot deliver\. mx\.pool\.example \(203\.0\.113\.10\)/],
  ])('one family that fails is named when IPv4 %s', async (ipv4, summary) => {
    const zone = {
      a: { 'mx.pool.example': [WORKING] },
      aaaa: { 'mx.pool.example': ['2001:db8::1'] },
      mx: { 'pool.example': [{ host: 'mx.pool.example', preference: 0 }] },
    };
    const works = (ip: string) => ip.includes(':') !== (ipv4 === 'works');
    const real = testProber({
      resolver: zoneResolver(zone),
      config: testConfig({}, env),
      dial: (ip) => ({ host: '127.0.0.1', port: works(ip) ? working.port : closedPort }),
    });
    const report = await probe(real, asked('pool.example', { all: true }));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'UnableToConnect', cause: 'refused' });
    expect(report.summary).toMatch(summary);
  });

  describe('DNSSEC', () => {
    const signed = (secure: { mx?: boolean; a?: boolean }) => {
      const zone = zoneResolver(pool([WORKING]));
      const mark = async <T extends object>(answer: Promise<T>, value: boolean | undefined) =>
        value === undefined ? answer : { ...(await answer), secure: value };
      return {
        ...zone,
        mx: (name: string) => mark(zone.mx(name), secure.mx),
        a: (name: string) => mark(zone.a(name), secure.a),
        aaaa: (name: string) => mark(zone.aaaa(name), secure.a),
      };
    };
    test.each<[secure: { mx?: boolean; a?: boolean }, dnssec: string]>([
      [{ mx: true, a: true }, 'secure'],
      [{ mx: true, a: false }, 'insecure'],
      [{ mx: false, a: true }, 'insecure'],
      [{ mx: true }, 'unknown'],
      [{}, 'unknown'],
    ])('%j is %s', async (secure, dnssec) => {
      const real = testProber({ resolver: signed(secure), dial, config: testConfig({}, env) });
      expect((await probe(real, asked('pool.example'))).dnssec).toBe(dnssec);
    });

    test('one bogus name makes the way bogus', async () => {
      const zone = { ...pool([WORKING, REFUSING]), broken: { 'mx2.pool.example': 'dnssec' as const } };
      const report = await probe(prober(zone), asked('pool.example'));
      expect(report).toMatchObject({ dnssec: 'bogus', verdict: 'degraded', errorType: 'DnsFailure', cause: 'dnssec' });
    });
  });

  test('a resolver that never answers is cut off with the stage', async () => {
    const never = {
      ...zoneResolver({}),
      mx: (_: string, signal?: AbortSignal) =>
        new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    };
    const report = await probe(
      testProber({ resolver: never, config: testConfig({ stageTimeoutS: 0.1 }) }),
      asked('d.example'),
    );
    expect(report).toMatchObject({ errorType: 'DnsFailure', cause: 'timeout' });
  });

  describe('a name server that is silent about some questions', () => {
    const silent = (_: string, signal?: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const stage = testConfig({ stageTimeoutS: 1.2 }, env);

    test('does not hide the addresses that it gives', async () => {
      const resolver = { ...zoneResolver(pool([WORKING])), aaaa: silent, cname: silent };
      const report = await probe(testProber({ resolver, dial, config: stage }), asked('pool.example'));
      expect(report.verdict).toBe('ok');
      expect(report.attempts[0]?.notes.join()).toMatch(/IPv6 \(AAAA\) addresses of mx1\.pool\.example get no answer/);
      // A part of the stage, not all of it.
      expect(report.attempts[0]?.timingsMs.dns).toBeLessThan(900);
    });

    test('about one MX host does not hide the other', async () => {
      const zone = zoneResolver(pool([WORKING, WORKING]));
      const a = (name: string, signal?: AbortSignal) =>
        name.startsWith('mx1') ? silent(name, signal) : zone.a(name, signal);
      const resolver = { ...zone, a };
      const report = await probe(testProber({ resolver, dial, config: stage }), asked('pool.example'));
      expect(report).toMatchObject({ verdict: 'degraded', errorType: 'DnsFailure', cause: 'timeout' });
      expect(report.mx).toHaveLength(2);
      expect(report.attempts.map(({ host, ip, verdict }) => `${host} ${ip} ${verdict}`)).toEqual([
        'mx1.pool.example null failed',
        `mx2.pool.example ${WORKING} ok`,
      ]);
    });
  });

  test('an address given with --host needs no DNS', async () => {
    const report = await probe(prober({}), asked('d.example', { hostIp: WORKING }));
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ host: 'd.example', ip: WORKING }] });
  });
});

describe('egress', () => {
  const closed = testConfig({}, { MAILMEDIC_EGRESS_ALLOW: '' });
  const targets = [
    {
      name: 'by MX',
      zone: { mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] }, a: { 'mx.d.example': ['127.0.0.1'] } },
      request: asked('d.example'),
    },
    { name: 'by address record', zone: { a: { 'd.example': ['127.0.0.1'] } }, request: asked('d.example') },
    {
      name: 'as IPv4-mapped record',
      zone: { aaaa: { 'd.example': ['::ffff:127.0.0.1'] } },
      request: asked('d.example'),
    },
    { name: 'literally', zone: {}, request: requestFor(25) },
    { name: 'with --host', zone: {}, request: asked('d.example', { hostIp: '169.254.169.254' }) },
  ];
  test.each(targets)('a denied address $name is not dialled', async ({ zone, request }) => {
    let dialled = 0;
    const guarded = testProber({
      resolver: zoneResolver(zone),
      config: closed,
      dial: (host, port) => {
        dialled += 1;
        return { host, port };
      },
    });
    const report = await probe(guarded, request);
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'UnableToConnect',
      cause: 'blocked-egress',
      owner: 'none',
      stage: 'connect',
    });
    expect(report.summary).toContain('MAILMEDIC_EGRESS_ALLOW');
    expect(dialled).toBe(0);
  });

  test('a denied address beside a working one is a note', async () => {
    const zone = {
      a: { 'mx.d.example': ['10.0.0.1', WORKING] },
      mx: { 'd.example': [{ host: 'mx.d.example', preference: 0 }] },
    };
    const report = await probe(prober(zone), asked('d.example'));
    expect(report).toMatchObject({ verdict: 'ok', errorType: null });
    expect(report.attempts.map(({ cause }) => cause)).toEqual(['blocked-egress', null]);
    expect(report.attempts[0]?.notes.join()).toContain('egress policy');
  });

  test('a denied port names the key for ports', async () => {
    const report = await probe(testProber({ config: closed }), {
      ...requestFor(22),
      target: { kind: 'ip', ip: '8.8.8.8', port: 22 },
    });
    expect(report).toMatchObject({ cause: 'blocked-egress', owner: 'none' });
    expect(report.summary).toContain('MAILMEDIC_EGRESS_PORTS');
  });
});

describe('a first address that hangs', () => {
  test('does not keep its backup from being tried when the time is short', async () => {
    const mute = await startScriptedServer(async (peer) => {
      await peer.line();
    });
    const dialled = (ip: string) => (ip === REFUSING ? { host: '127.0.0.1', port: mute.port } : dial(ip));
    const resolver = zoneResolver(pool([REFUSING, WORKING], 10));
    const report = await probe(
      testProber({ resolver, dial: dialled, config: testConfig({}, env) }),
      asked('pool.example', { timeoutS: 1.2 }),
    );
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'ProbeTimeout', cause: 'banner' });
    expect(report.attempts.map(({ ip, verdict }) => [ip, verdict])).toEqual([
      [REFUSING, 'failed'],
      [WORKING, 'ok'],
    ]);
    expect(report.durationMs).toBeLessThan(2200);
    await mute.close();
  });
});
