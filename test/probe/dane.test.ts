import { beforeAll, describe, expect, test } from 'vitest';
import type { ProbeRequest } from '../../src/probe/request.ts';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { DOMAIN, HOST, startTlsWorld, tlsaOf, type WorldOptions, withChain } from './tls-world.ts';

const names = [HOST];
let root: Authority;
let stranger: Authority;
let good: Identity;
let other: Identity;
beforeAll(async () => {
  root = await createAuthority('Test root');
  stranger = await createAuthority('Nobody knows');
  good = await root.issue({ names });
  other = await root.issue({ names });
});

interface DaneCase {
  name: string;
  world: () => Promise<WorldOptions> | WorldOptions;
  dane: string;
  /** Verdict without and with `--tls require`. */
  verdicts: [string, string];
  cause: string | null;
  words: RegExp;
  delivers: boolean | null;
}

const cases: DaneCase[] = [
  {
    name: 'usage 3 that matches a trusted certificate',
    world: () => ({ identity: good, tlsa: [tlsaOf(good, 3)] }),
    dane: 'match',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /TLSA 3 1 1 matches/,
    delivers: true,
  },
  {
    name: 'usage 3 that matches a certificate nobody else would take',
    world: async () => {
      const identity = await selfSigned({ names: ['other.example'], fromDays: -90, toDays: -3.5 });
      return { identity, tlsa: [tlsaOf(identity, 3)] };
    },
    dane: 'match',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /deliver: TLSA 3 1 1 matches/,
    delivers: true,
  },
  {
    name: 'usage 3 of another certificate',
    world: () => ({ identity: good, tlsa: [tlsaOf(other, 3)] }),
    dane: 'mismatch',
    verdicts: ['degraded', 'failed'],
    cause: 'dane-mismatch',
    words: /refuse: TLSA 3 1 1 does not match/,
    delivers: false,
  },
  {
    name: 'a mismatch of a certificate that has expired too',
    world: async () => ({
      identity: await root.issue({ names, fromDays: -90, toDays: -3.5 }),
      tlsa: [tlsaOf(other, 3)],
    }),
    dane: 'mismatch',
    verdicts: ['degraded', 'failed'],
    cause: 'dane-mismatch',
    words: /refuse: TLSA 3 1 1 does not match/,
    delivers: false,
  },
  {
    name: 'usage 2 of an authority that nobody knows',
    world: async () => ({
      identity: withChain(await stranger.issue({ names }), stranger),
      tlsa: [tlsaOf(stranger, 2)],
    }),
    dane: 'match',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /TLSA 2 1 1 matches/,
    delivers: true,
  },
  {
    name: 'usage 2 with a certificate for the domain asked',
    world: async () => ({
      identity: withChain(await stranger.issue({ names: [DOMAIN] }), stranger),
      tlsa: [tlsaOf(stranger, 2)],
    }),
    dane: 'match',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /TLSA 2 1 1 matches/,
    delivers: true,
  },
  {
    name: 'usage 2 with a certificate that has expired',
    world: async () => ({
      identity: withChain(await stranger.issue({ names, fromDays: -90, toDays: -3.5 }), stranger),
      tlsa: [tlsaOf(stranger, 2)],
    }),
    dane: 'mismatch',
    verdicts: ['degraded', 'failed'],
    cause: 'dane-mismatch',
    words: /refuse: TLSA 2 1 1 matches, but .*has expired/,
    delivers: false,
  },
  {
    name: 'usage 2 of a root that we know and the server does not send',
    world: () => ({ identity: good, tlsa: [tlsaOf(root, 2)] }),
    dane: 'mismatch',
    verdicts: ['degraded', 'failed'],
    cause: 'dane-mismatch',
    words: /matches no authority in the chain that the server sends/,
    delivers: false,
  },
  {
    name: 'usage 2 of a root that the server sends',
    world: () => ({ identity: withChain(good, root), tlsa: [tlsaOf(root, 2)] }),
    dane: 'match',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /TLSA 2 1 1 matches/,
    delivers: true,
  },
  {
    name: 'records without DNSSEC',
    world: () => ({ identity: good, tlsa: [tlsaOf(other, 3)], secure: false }),
    dane: 'insecure',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /does not apply/,
    delivers: null,
  },
  {
    name: 'no records',
    world: () => ({ identity: good }),
    dane: 'none',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /no TLSA records are published/,
    delivers: null,
  },
  {
    name: 'records for web browsers only',
    world: () => ({ identity: good, tlsa: [tlsaOf(other, 1)] }),
    dane: 'unusable',
    verdicts: ['ok', 'ok'],
    cause: null,
    words: /encrypt without checking/,
    delivers: true,
  },
];

describe.each([
  ['opportunistic', 0],
  ['require', 1],
] as const)('DANE with tls %s', (tls, at) => {
  test.each(cases)('$name is $dane', async ({ world, dane, verdicts, cause, words, delivers }) => {
    const made = await world();
    const running = await startTlsWorld({ ca: [root.cert], ...made });
    const report = await running.probe({ tls });
    await running.close();
    const failing = verdicts[at] !== 'ok';
    expect(report).toMatchObject({
      verdict: verdicts[at],
      errorType: failing ? 'CertificateFailure' : null,
      cause,
      stage: failing ? 'certificate' : null,
      owner: failing ? 'recipient' : 'none',
    });
    const [attempt] = report.attempts;
    expect(attempt?.tls.dane).toBe(dane);
    const line = attempt?.tls.trust.find(({ model }) => model === 'dane');
    expect(line?.delivers).toBe(delivers);
    expect(line?.words).toMatch(words);
    expect(attempt?.tls.trust.map(({ model }) => model)).toEqual(['opportunistic', 'pkix', 'dane', 'mta-sts']);
  });
});

test('an alias makes the name that it leads to one that the certificate may carry', async () => {
  const end = 'mail.fabrikam.example';
  const identity = withChain(await stranger.issue({ names: [end] }), stranger);
  const world = await startTlsWorld({ identity });
  Object.assign(world.dns.zone, {
    [HOST]: { cname: end, secure: true },
    [end]: { a: ['127.0.0.1'], secure: true },
    [`_${world.mail.port}._tcp.${end}`]: { tlsa: [tlsaOf(stranger, 2)], secure: true },
  });
  const report = await world.probe();
  await world.close();
  expect(report).toMatchObject({ verdict: 'ok', attempts: [{ tls: { dane: 'match' } }] });
});

test('a certificate that only DANE vouches for stays visible to those who require trust', async () => {
  const identity = await selfSigned({ names });
  const world = await startTlsWorld({ identity, tlsa: [tlsaOf(identity, 3)] });
  const report = await world.probe();
  await world.close();
  expect(report.verdict).toBe('ok');
  expect(report.summary).toContain('DANE vouches');
  const [attempt] = report.attempts;
  expect(attempt?.tls.authorized).toBe(false);
  expect(attempt?.tls.trust).toContainEqual({
    model: 'pkix',
    state: 'self-signed',
    delivers: false,
    words: 'A sender that requires a trusted certificate refuses: it is self-signed.',
  });
  expect(attempt?.notes.join(' ')).toContain('senders without DANE that require a trusted one refuse it');
});

test('a mismatch keeps the other faults as notes and says who refuses', async () => {
  const identity = await root.issue({ names, fromDays: -90, toDays: -3.5 });
  const world = await startTlsWorld({ identity, tlsa: [tlsaOf(other, 3)], ca: [root.cert] });
  const report = await world.probe();
  await world.close();
  expect(report.summary).toMatch(/fails DANE, so DANE senders refuse: TLSA 3 1 1/);
  expect(report.attempts[0]?.notes.join(' ')).toContain('The certificate also expired 3 days ago.');
  // The digest is evidence, too long for the first line.
  expect(report.summary).not.toMatch(/[0-9a-f]{64}/);
  expect(report.attempts[0]?.tls.trust.map(({ words }) => words).join(' ')).toMatch(/we saw sha256 [0-9a-f]{64}/);
});

test('secure TLSA records that cannot be had make DANE senders wait, and are no fault of the certificate', async () => {
  const world = await startTlsWorld({ identity: good, ca: [root.cert] });
  world.dns.zone[`_${world.mail.port}._tcp.${HOST}`] = { fault: 'SERVFAIL' };
  const report = await world.probe();
  await world.close();
  expect(report).toMatchObject({
    verdict: 'degraded',
    errorType: 'DnsFailure',
    cause: 'servfail',
    stage: 'dns',
    owner: 'dns',
    attempts: [{ tls: { dane: 'unknown', authorized: true } }],
  });
  const dane = report.attempts[0]?.tls.trust.find(({ model }) => model === 'dane');
  expect(dane).toMatchObject({ delivers: false, words: expect.stringMatching(/put mail off: .* \(SERVFAIL\)\.$/) });
});

describe('where TLSA records are published and TLS does not come up', () => {
  const cases: { name: string; world: () => WorldOptions; errorType: string; cause: string }[] = [
    { name: 'STARTTLS missing', world: () => ({}), errorType: 'TlsNotOffered', cause: 'starttls-missing' },
    {
      name: 'STARTTLS refused',
      world: () => ({ capabilities: ['STARTTLS'], replies: { STARTTLS: '454 4.7.0 TLS not available' } }),
      errorType: 'TlsNotOffered',
      cause: 'starttls-refused',
    },
    {
      name: 'outdated TLS',
      world: () => ({
        identity: good,
        tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      }),
      errorType: 'TlsHandshakeFailure',
      cause: 'protocol-version',
    },
  ];
  test.each(cases)(
    '$name keeps its name and DANE senders do not deliver at all',
    async ({ world, errorType, cause }) => {
      const running = await startTlsWorld({ ...world(), tlsa: [tlsaOf(good, 3)], ca: [root.cert] });
      const report = await running.probe();
      await running.close();
      expect(report).toMatchObject({
        verdict: 'degraded',
        errorType,
        cause,
        attempts: [{ tls: { dane: 'mismatch' } }],
      });
      expect(report.summary).toContain('DANE senders (Exchange Online, Postfix and others) will not deliver at all');
    },
  );
});

describe('nothing is looked up', () => {
  const cases: { name: string; request: Partial<ProbeRequest> }[] = [
    {
      name: 'for a host whose address is given',
      request: { target: { kind: 'host', host: HOST }, hostIp: '127.0.0.1' },
    },
    { name: 'for an address', request: { target: { kind: 'ip', ip: '127.0.0.1' } } },
  ];
  test.each(cases)('$name', async ({ request }) => {
    const world = await startTlsWorld({ identity: good, tlsa: [tlsaOf(other, 3)], ca: [root.cert] });
    const report = await world.probe(request);
    await world.close();
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ tls: { dane: null, mtaSts: null } }] });
    expect(report.attempts[0]?.tls.trust.map(({ model }) => model)).toEqual(['opportunistic', 'pkix']);
    expect(world.dns.asked).toBe(0);
  });

  test.each([{ tls: 'off' }, { depth: 'connect' }] as const)('with %o', async (request) => {
    const world = await startTlsWorld({ identity: good, tlsa: [tlsaOf(other, 3)] });
    const report = await world.probe(request);
    await world.close();
    expect(report.attempts[0]?.tls).toMatchObject({ dane: null, mtaSts: null, trust: [] });
  });
});
