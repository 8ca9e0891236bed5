import { beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { judgeCertificate } from '../../src/probe/tls/certificate.ts';
import { carriesName } from '../../src/probe/tls/certificate-name.ts';
import { certificateNotes } from '../../src/probe/tls/certificate-notes.ts';
import type { PeerCertificate, TlsFacts } from '../../src/probe/tls/tls-facts.ts';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber, zoneResolver } from './harness.ts';
import { madeCertificate } from './made-certificates.ts';
import { HOST, withChain } from './tls-world.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-20T12:00:00Z');
const names = [HOST];

const shown = (overrides: Partial<PeerCertificate> = {}): PeerCertificate => madeCertificate(HOST, NOW, overrides);

function factsOf(chain: PeerCertificate[], trustError: string | null = null, verifiedAt = NOW): TlsFacts {
  return { protocol: 'TLSv1.3', cipher: 'x', trusted: trustError === null, trustError, verifiedAt, chain, sent: [] };
}

const judge = (facts: TlsFacts, asked: readonly string[] = names) =>
  judgeCertificate(facts, { names: asked, now: NOW });
const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

/** DER with a signature algorithm after an empty body, which is all that is read of it. */
function signedWith(oid: string): Buffer {
  const id = Buffer.from(oid, 'hex');
  const algorithm = Buffer.concat([Buffer.from([0x30, id.length + 2, 0x06, id.length]), id]);
  return Buffer.concat([Buffer.from([0x30, algorithm.length + 2, 0x30, 0]), algorithm]);
}

describe('strength', () => {
  const cases: { name: string; chain: PeerCertificate[]; words: string | undefined }[] = [
    { name: 'RSA of 2048 bits', chain: [shown({ rsa: true, bits: 2048 })], words: undefined },
    { name: 'RSA of 2047 bits', chain: [shown({ rsa: true, bits: 2047 })], words: 'an RSA key of 2047 bits' },
    { name: 'EC of 224 bits', chain: [shown({ bits: 224 })], words: undefined },
    { name: 'EC of 192 bits', chain: [shown({ bits: 192 })], words: 'an EC key of 192 bits' },
    { name: 'Ed25519, whose size is not told', chain: [shown({ bits: null })], words: undefined },
    { name: 'MD5', chain: [shown({ der: signedWith('2a864886f70d010104') })], words: 'signed with MD5' },
    { name: 'SHA-1 with ECDSA', chain: [shown({ der: signedWith('2a8648ce3d0401') })], words: 'signed with SHA-1' },
    { name: 'SHA-256', chain: [shown({ der: signedWith('2a864886f70d01010b') })], words: undefined },
    {
      name: 'an intermediate over SHA-1',
      chain: [shown(), shown({ der: signedWith('2a864886f70d010105') })],
      words: 'signed with SHA-1',
    },
    {
      name: 'a root over SHA-1',
      chain: [shown(), shown({ selfIssued: true, der: signedWith('2a864886f70d010105') })],
      words: undefined,
    },
    {
      name: 'a short key above',
      chain: [shown(), shown({ subject: 'Test intermediate', rsa: true, bits: 1024 })],
      words: 'its issuer Test intermediate has an RSA key of 1024 bits',
    },
  ];
  test.each(cases)('$name', ({ chain, words }) => {
    const problems = judge(factsOf(chain));
    if (words === undefined) expect(problems).toEqual([]);
    else expect(problems).toMatchObject([{ cause: 'weak-key', words: expect.stringContaining(words) }]);
  });

  test.each(['EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK'])('%s of OpenSSL is weak in any case', (code) => {
    expect(judge(factsOf([shown()], code)).map(({ cause }) => cause)).toEqual(['weak-key']);
  });
});

describe('what OpenSSL says', () => {
  const cases: { code: string; at?: Date; chain?: PeerCertificate[]; causes: string[]; words?: string }[] = [
    { code: 'INVALID_PURPOSE', causes: ['invalid'], words: 'lacks serverAuth' },
    { code: 'CERT_SIGNATURE_FAILURE', causes: ['invalid'], words: 'does not verify' },
    { code: 'SOMETHING_NEW', causes: ['invalid'], words: 'SOMETHING_NEW' },
    { code: 'UNSPECIFIED', causes: ['invalid'], words: 'UNSPECIFIED' },
    // By the clock of the probe nothing has ended or is yet to begin, by OpenSSL's it has.
    { code: 'CERT_HAS_EXPIRED', at: inDays(100), chain: [shown(), shown({ selfIssued: true })], causes: [] },
    { code: 'CERT_NOT_YET_VALID', at: inDays(-100), chain: [shown(), shown({ selfIssued: true })], causes: [] },
    // What OpenSSL objects to is not in sight: it is believed.
    { code: 'CERT_HAS_EXPIRED', chain: [shown(), shown({ selfIssued: true })], causes: ['expired'] },
    { code: 'CERT_NOT_YET_VALID', chain: [shown(), shown({ selfIssued: true })], causes: ['not-yet-valid'] },
    {
      code: 'CERT_HAS_EXPIRED',
      chain: [shown(), shown({ validTo: inDays(-1) })],
      causes: ['expired'],
      words: 'signed by',
    },
    // A date hides what is wrong besides.
    {
      code: 'CERT_HAS_EXPIRED',
      chain: [shown({ validTo: inDays(-1), selfIssued: true })],
      causes: ['expired', 'self-signed'],
    },
    { code: 'CERT_HAS_EXPIRED', chain: [shown({ validTo: inDays(-1) })], causes: ['expired', 'untrusted'] },
    {
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      chain: [shown({ namesIssuerUrl: true })],
      causes: ['incomplete-chain'],
      words: 'without the intermediate',
    },
    { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', causes: ['untrusted'], words: 'not trusted here (Test root)' },
  ];
  test.each(cases)('$code is $causes', ({ code, at, chain = [shown()], causes, words }) => {
    const problems = judge(factsOf(chain, code, at));
    expect(problems.map(({ cause }) => cause)).toEqual(causes);
    if (words !== undefined) expect(problems[0]?.words).toContain(words);
  });
});

describe('names', () => {
  const cases: { name: string; altNames: string[]; asked: string; carried: boolean }[] = [
    { name: 'itself', altNames: [`DNS:${HOST}`], asked: HOST, carried: true },
    { name: 'in other case', altNames: ['DNS:MX1.Contoso.Example'], asked: HOST, carried: true },
    { name: 'a wildcard', altNames: ['DNS:*.contoso.example'], asked: HOST, carried: true },
    {
      name: 'a wildcard over two labels',
      altNames: ['DNS:*.contoso.example'],
      asked: 'a.b.contoso.example',
      carried: false,
    },
    {
      name: 'an A-label',
      altNames: ['DNS:mx.xn--bcher-kva.example'],
      asked: 'mx.xn--bcher-kva.example',
      carried: true,
    },
    { name: 'an address', altNames: ['IP Address:192.0.2.1'], asked: '192.0.2.1', carried: true },
    { name: 'another address', altNames: ['IP Address:192.0.2.1'], asked: '192.0.2.2', carried: false },
    {
      name: 'IPv6 written otherwise',
      altNames: ['IP Address:2001:DB8:0:0:0:0:0:1'],
      asked: '2001:db8::1',
      carried: true,
    },
    { name: 'the common name beside other names', altNames: ['DNS:x.example'], asked: HOST, carried: false },
  ];
  test.each(cases)('$name', ({ altNames, asked, carried }) => {
    expect(carriesName(shown({ altNames }), asked)).toBe(carried);
  });

  test('a Unicode name that nobody can match is explained', () => {
    const asked = ['mx.xn--bcher-kva.example'];
    const latin1 = Buffer.from('mx.bücher.example').toString('latin1');
    const [problem] = judge(factsOf([shown({ altNames: [`DNS:${latin1}`] })]), asked);
    expect(problem?.cause).toBe('name-mismatch');
    expect(problem?.words).toContain('not for mx.xn--bcher-kva.example (mx.bücher.example)');
    expect(problem?.words).toContain('xn-- form');
  });
});

describe('notes', () => {
  const notesOf = (leaf: PeerCertificate, above: PeerCertificate[] = [], asked: readonly string[] = names) =>
    certificateNotes(factsOf([leaf, ...above]), { names: asked, ip: '192.0.2.1', now: NOW, warnDays: 21 });

  const ends: { days: number; note: RegExp | undefined }[] = [
    { days: 60, note: undefined },
    { days: 21, note: undefined },
    { days: 20.5, note: /^The certificate expires in 20 days\.$/ },
    { days: 7, note: /^The certificate expires in 7 days\.$/ },
    { days: 6.5, note: /^The certificate expires in 6 days: renew it now, from 2026-11-27 00:00 UTC on senders/ },
    { days: 1, note: /expires in 1 day: renew it now/ },
    { days: 0.25, note: /expires in 6 hours: renew it now/ },
    { days: 0.01, note: /expires in less than an hour: renew it now/ },
    { days: -0.01, note: undefined },
  ];
  test.each(ends)('an end in $days days', ({ days, note }) => {
    const notes = notesOf(shown({ validTo: inDays(days) }));
    expect(notes).toEqual(note === undefined ? [] : [expect.stringMatching(note)]);
  });

  test('an intermediate that ends before the certificate', () => {
    const issuer = shown({ subject: 'Test intermediate', validTo: inDays(3.5) });
    expect(notesOf(shown(), [issuer])).toEqual([
      expect.stringMatching(/^The certificate of its issuer Test intermediate expires in 3 days: renew it now/),
    ]);
    expect(notesOf(shown(), [{ ...issuer, selfIssued: true }])).toEqual([]);
  });

  test('a name in the common name only', () => {
    expect(notesOf(shown({ altNames: [] }))).toEqual([expect.stringContaining('in the common name only')]);
  });

  test.each([
    ['IP Address:192.0.2.1', 'for this very address'],
    ['IP Address:192.0.2.9', 'for other addresses'],
    ['DNS:x.example', 'there is no name to hold the certificate to.'],
  ])('a target without a name and %s', (altName, words) => {
    expect(notesOf(shown({ altNames: [altName] }), [], [])).toEqual([expect.stringContaining(words)]);
  });
});

describe('over the wire', () => {
  let root: Authority;
  beforeAll(async () => {
    root = await createAuthority('Test root');
  });

  async function reportOf(identity: Identity, now?: Date) {
    const server = await startScriptedServer(mailServer({ identity }));
    const resolver = zoneResolver({ a: { [HOST]: ['127.0.0.1'] } });
    const clock = now === undefined ? systemClock : { ...systemClock, now: () => now };
    const target = { kind: 'host', host: HOST, port: server.port } as const;
    const report = await probe(
      testProber({ resolver, clock, ca: [root.cert] }),
      requestFor(server.port, { target, depth: 'tls' }),
    );
    await server.close();
    return report;
  }

  test('a certificate for clients only is invalid', async () => {
    const report = await reportOf(await root.issue({ names, purpose: 'client' }));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'CertificateFailure', cause: 'invalid' });
    expect(report.summary).toContain('serverAuth');
  });

  test('a certificate for servers is fine', async () => {
    expect((await reportOf(await root.issue({ names, purpose: 'server' }))).verdict).toBe('ok');
  });

  test('a common name alone still counts, with a note', async () => {
    const report = await reportOf(await root.issue({ names, commonNameOnly: true }));
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes.join(' ')).toContain('in the common name only');
  });

  test('an intermediate that has expired', async () => {
    const lower = await root.intermediate('Test intermediate', { toDays: -0.5 });
    const report = await reportOf(withChain(await lower.issue({ names }), lower));
    expect(report).toMatchObject({ errorType: 'CertificateFailure', cause: 'expired' });
    expect(report.summary).toContain('signed by a certificate that has expired');
  });

  test('the clock of the probe decides, not that of OpenSSL', async () => {
    const ended = await root.issue({ names, fromDays: -90, toDays: -3 });
    const before = await reportOf(ended, new Date(Date.now() - 10 * DAY_MS));
    expect(before).toMatchObject({ verdict: 'ok', attempts: [{ tls: { authorized: true } }] });
    const after = await reportOf(await root.issue({ names }), new Date(Date.now() + 100 * DAY_MS));
    expect(after).toMatchObject({ cause: 'expired', attempts: [{ tls: { authorized: false } }] });
  });

  test('an expired certificate that vouches for itself has both told', async () => {
    const report = await reportOf(await selfSigned({ names, fromDays: -90, toDays: -3 }));
    expect(report.cause).toBe('expired');
    expect(report.attempts[0]?.notes.join(' ')).toContain('is also self-signed');
  });

  describe('the chain as it is sent', () => {
    const cases: { name: string; above: (lower: Authority, other: Authority) => Authority[]; note: string }[] = [
      { name: 'in good order is not worth a word', above: (lower) => [lower], note: '' },
      { name: 'with the root', above: (lower) => [lower, root], note: 'also sends the root certificate' },
      {
        name: 'with a stranger in it',
        above: (lower, other) => [lower, other],
        note: 'do not belong to the chain: CN=Nobody knows.',
      },
      { name: 'with the stranger first', above: (lower, other) => [other, lower], note: 'do not belong to the chain' },
      { name: 'in the wrong order', above: (lower) => [root, lower], note: 'out of order' },
    ];
    test.each(cases)('$name', async ({ above, note }) => {
      const lower = await root.intermediate('Test intermediate');
      const other = await createAuthority('Nobody knows');
      const report = await reportOf(withChain(await lower.issue({ names }), ...above(lower, other)));
      expect(report.verdict).toBe('ok');
      const notes = report.attempts[0]?.notes.join(' ');
      if (note === '') expect(notes).toBe('');
      else expect(notes).toContain(note);
    });
  });
});
