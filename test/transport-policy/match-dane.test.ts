import { createHash, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TlsaRecord } from '../../src/dns/resolver.ts';
import { publicKeyInfo } from '../../src/transport-policy/certificate-parts.ts';
import { type DaneMatch, matchDane, type ShownCertificate } from '../../src/transport-policy/dane.ts';
import { type Authority, createAuthority, selfSigned } from '../support/certificates.ts';
import { shown, signedByNoAuthority } from './certificate-chain.ts';

const HOST = 'mx1.contoso.example';
const NOW = new Date();

let root: Authority;
let middle: Authority;
let chain: ShownCertificate[];
let leaf: ShownCertificate;
let other: ShownCertificate;

beforeAll(async () => {
  root = await createAuthority('DANE Root');
  middle = await root.intermediate('DANE Intermediate');
  chain = shown((await middle.issue({ names: [HOST] })).cert, middle.cert, root.cert);
  leaf = at(chain, 0);
  other = at(shown((await root.issue({ names: [HOST], rsaBits: 2048 })).cert), 0);
});

function at(certificates: readonly ShownCertificate[], index: number): ShownCertificate {
  const found = certificates[index];
  if (found === undefined) throw new Error('no such certificate');
  return found;
}

/** The record that a zone would hold for the certificate; the key is read by OpenSSL, not by what is tested. */
function recordFor({ der }: ShownCertificate, usage: number, selector: number, matchingType: number): TlsaRecord {
  const part = selector === 0 ? der : new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' });
  const hash = ['', 'sha256', 'sha512'][matchingType] ?? '';
  const data = hash === '' ? part.toString('hex') : createHash(hash).update(part).digest('hex');
  return { usage, selector, matchingType, data };
}

function match(records: TlsaRecord[], certificates = chain, names = [HOST], now = NOW): DaneMatch {
  return matchDane(records, certificates, names, now);
}

const KINDS = [0, 1].flatMap((selector) => [0, 1, 2].map((matchingType) => [selector, matchingType] as const));

describe('usage 3, the certificate itself', () => {
  test.each(KINDS)('3 %i %i', (selector, matchingType) => {
    const right = recordFor(leaf, 3, selector, matchingType);
    expect(match([right])).toEqual({
      state: 'match',
      record: right,
      words: `TLSA 3 ${selector} ${matchingType} matches the server's certificate`,
    });
    expect(match([recordFor(other, 3, selector, matchingType)])).toMatchObject({ state: 'mismatch' });
    // The authority is not the certificate itself.
    expect(match([recordFor(at(chain, 1), 3, selector, matchingType)])).toMatchObject({ state: 'mismatch' });
  });

  test('names, dates and authorities do not matter', async () => {
    const old = shown((await selfSigned({ names: ['localhost'], fromDays: -90, toDays: -30 })).cert);
    expect(match([recordFor(at(old, 0), 3, 1, 1)], old, [HOST])).toMatchObject({ state: 'match' });
    expect(match([recordFor(at(old, 0), 3, 1, 1)], old, [])).toMatchObject({ state: 'match' });
  });

  test('a stale record is told with what was seen instead', () => {
    const seen = recordFor(leaf, 3, 1, 1).data;
    expect(match([recordFor(other, 3, 1, 1)])).toEqual({
      state: 'mismatch',
      words: `TLSA 3 1 1 does not match: the key was changed without its record (we saw sha256 ${seen})`,
    });
    expect(match([recordFor(other, 3, 0, 2)])).toMatchObject({
      words: `TLSA 3 0 2 does not match: the certificate was renewed without its record (we saw sha512 ${recordFor(leaf, 3, 0, 2).data})`,
    });
    // A record that holds the whole key is not answered with the whole key.
    expect(match([recordFor(other, 3, 1, 0)])).toHaveProperty('words', expect.stringContaining(`sha256 ${seen}`));
  });

  test('a mix-up of key and certificate is told', () => {
    const mixed = { ...recordFor(leaf, 3, 0, 1), selector: 1 };
    expect(match([mixed])).toMatchObject({
      state: 'mismatch',
      words: 'TLSA 3 1 1 does not match: it holds the data of selector 0, so TLSA 3 0 1 would be right',
    });
  });
});

describe('usage 2, an authority', () => {
  test.each(KINDS)('2 %i %i', (selector, matchingType) => {
    for (const authority of [at(chain, 1), at(chain, 2)]) {
      const right = recordFor(authority, 2, selector, matchingType);
      expect(match([right])).toEqual({
        state: 'match',
        record: right,
        words: `TLSA 2 ${selector} ${matchingType} matches an authority of its chain`,
      });
    }
    expect(match([recordFor(other, 2, selector, matchingType)])).toMatchObject({ state: 'mismatch' });
  });

  test.each([0, 1])('2 %i 0 needs no authority in the chain: the record is it', (selector) => {
    expect(match([recordFor(at(chain, 2), 2, selector, 0)], chain.slice(0, 2))).toMatchObject({ state: 'match' });
    expect(match([recordFor(at(chain, 1), 2, selector, 0)], [leaf])).toMatchObject({ state: 'match' });
    expect(match([recordFor(at(chain, 2), 2, selector, 0)], [leaf])).toMatchObject({ state: 'mismatch' });
  });

  test('a digest of an authority that the server does not send matches nothing', () => {
    expect(match([recordFor(at(chain, 2), 2, 1, 1)], chain.slice(0, 2))).toMatchObject({
      state: 'mismatch',
      words: 'TLSA 2 1 1 matches no authority in the chain that the server sends',
    });
  });

  test("the server's own certificate takes usage 3", () => {
    expect(match([recordFor(leaf, 2, 1, 1)])).toMatchObject({
      state: 'mismatch',
      words: "TLSA 2 1 1 names the server's own certificate, which takes usage 3",
    });
  });

  test('signatures must lead from the certificate to the authority', () => {
    const stranger = at(shown(root.cert), 0);
    expect(match([recordFor(stranger, 2, 0, 1)], [leaf, stranger])).toMatchObject({
      state: 'mismatch',
      words: `TLSA 2 0 1 matches, but "${HOST}" is not signed by "DANE Root"`,
    });
  });

  test('an authority of the same name and another key has signed nothing', async () => {
    const impostor = at(shown((await createAuthority('DANE Intermediate')).cert), 0);
    expect(match([recordFor(impostor, 2, 0, 1)], [leaf, impostor])).toMatchObject({ state: 'mismatch' });
  });

  test('a certificate that is no authority signs nothing that counts', async () => {
    const certificates = await signedByNoAuthority(HOST);
    const [signed, signer] = [at(certificates, 0), at(certificates, 1)];
    expect(new X509Certificate(signed.der).verify(new X509Certificate(signer.der).publicKey)).toBe(true);
    expect(match([recordFor(signer, 2, 1, 1)], certificates)).toMatchObject({
      words: `TLSA 2 1 1 matches, but "${HOST}" is not signed by "No Authority"`,
    });
  });

  test('names count', () => {
    const record = recordFor(at(chain, 2), 2, 1, 1);
    expect(match([record], chain, ['mx2.contoso.example'])).toMatchObject({
      state: 'mismatch',
      words: 'TLSA 2 1 1 matches, but the certificate is not for mx2.contoso.example',
    });
    expect(match([record], chain, ['contoso.example', HOST])).toMatchObject({ state: 'match' });
    expect(match([record], chain, [])).toMatchObject({ state: 'mismatch' });
  });

  test('dates count', async () => {
    const expired = shown((await root.issue({ names: [HOST], fromDays: -90, toDays: -1 })).cert, root.cert);
    const record = recordFor(at(expired, 1), 2, 1, 1);
    expect(match([record], expired)).toMatchObject({
      words: `TLSA 2 1 1 matches, but the certificate "${HOST}" has expired`,
    });
    expect(match([record], chain, [HOST], new Date(Date.now() - 30 * 86_400_000))).toMatchObject({
      words: expect.stringContaining('is not valid yet'),
    });
  });
});

describe('several records', () => {
  test('one that matches is enough', () => {
    const right = recordFor(leaf, 3, 1, 1);
    expect(match([recordFor(other, 3, 1, 1), right])).toMatchObject({ state: 'match', record: right });
    expect(match([recordFor(other, 2, 1, 1), right])).toMatchObject({ state: 'match', record: right });
  });

  test('of two digests the stronger counts (RFC 7671 9)', () => {
    const weak = recordFor(leaf, 3, 1, 1);
    expect(match([weak, recordFor(other, 3, 1, 2)])).toMatchObject({ state: 'mismatch' });
    expect(match([recordFor(other, 3, 1, 1), recordFor(leaf, 3, 1, 2)])).toMatchObject({ state: 'match' });
    expect(match([weak, recordFor(other, 3, 0, 2)])).toMatchObject({ state: 'match' });
  });

  test('many that do not match are told in a few words', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ ...recordFor(other, 3, index % 2, 1) }));
    const { state, words } = match(many);
    expect(state).toBe('mismatch');
    expect(words.length).toBeLessThan(600);
  });

  test.each<[what: string, change: Partial<TlsaRecord>]>([
    ['usage 0 (PKIX-TA)', { usage: 0 }],
    ['usage 1 (PKIX-EE)', { usage: 1 }],
    ['usage 255', { usage: 255 }],
    ['selector 2', { selector: 2 }],
    ['matching type 3', { matchingType: 3 }],
    ['a digest that is too short', { data: 'ab' }],
    ['no data', { data: '' }],
    ['a whole certificate of 20 KB', { matchingType: 0, data: 'ab'.repeat(20_000) }],
  ])('%s cannot be used', (_, change) => {
    const record = { ...recordFor(leaf, 3, 1, 1), ...change };
    expect(match([record])).toMatchObject({ state: 'unusable' });
    expect(match([record, recordFor(leaf, 3, 1, 1)])).toMatchObject({ state: 'match' });
  });
});

test('no certificate is a mismatch', () => {
  expect(match([recordFor(leaf, 3, 1, 1)], [])).toEqual({
    state: 'mismatch',
    words: 'the server showed no certificate',
  });
});

describe('what strangers write', () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one));
  const record = fc.record({
    usage: fc.constantFrom(2, 3),
    selector: fc.constantFrom(0, 1),
    matchingType: fc.constantFrom(0, 1, 2),
    data: fc.oneof(
      bytes.map((one) => one.toString('hex')),
      fc.constantFrom('00'.repeat(32), '00'.repeat(64)),
    ),
  });
  /** Bytes, or a real certificate with some of them changed. */
  const der = fc.oneof(
    bytes,
    fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 4 }).map((changes) => {
      const copy = Buffer.from(leaf.der);
      for (const [spot, value] of changes) copy[spot % copy.length] = value;
      return copy;
    }),
  );

  test.each(['DNS:"', 'DNS:"a', 'DNS:"\\u000', '"', 'DNS:\0'])('nor does the name %j', (name) => {
    const odd = { ...leaf, altNames: [name] };
    const certificates = [odd, ...chain.slice(1)];
    expect(match([recordFor(at(chain, 1), 2, 1, 1)], certificates)).toMatchObject({ state: 'mismatch' });
  });

  test('never makes it throw', () => {
    const certificates = fc.array(der, { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), certificates, (records, ders) => {
        const damaged = ders.map((one) => ({ ...leaf, der: one }));
        expect(['match', 'mismatch', 'unusable']).toContain(match(records, damaged).state);
      }),
      { numRuns: 500 },
    );
  });

  test('the key is found where OpenSSL finds it, and nowhere in noise', () => {
    for (const certificate of [...chain, other]) {
      const { publicKey } = new X509Certificate(certificate.der);
      expect(publicKeyInfo(certificate.der)?.equals(publicKey.export({ type: 'spki', format: 'der' }))).toBe(true);
    }
    fc.assert(
      fc.property(der, (one) => {
        const found = publicKeyInfo(one);
        expect(found === undefined || found.length <= one.length).toBe(true);
      }),
    );
  });
});
