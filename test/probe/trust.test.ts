import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerCertificate, TlsFacts } from '../../src/probe/tls/tls-facts.ts';
import { judgeTrust, type TrustEvidence } from '../../src/probe/tls/trust.ts';
import type { TlsaLookup } from '../../src/transport-policy/dane.ts';
import type { MtaStsResult } from '../../src/transport-policy/mta-sts.ts';
import { madeCertificate } from './made-certificates.ts';

const HOST = 'mx1.contoso.example';
const DOMAIN = 'contoso.example';
const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-20T12:00:00Z');

/** Only its key is read. */
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });

function factsOf(overrides: Partial<PeerCertificate>, trustError: string | null): TlsFacts {
  const leaf = madeCertificate(HOST, NOW, { der: KEY, ...overrides });
  const root = {
    ...leaf,
    subject: 'Test root',
    selfIssued: true,
    validTo: new Date(NOW.getTime() + 900 * DAY_MS),
    sha256: 'CC',
  };
  const chain = leaf.selfIssued ? [leaf] : [leaf, root];
  return {
    protocol: 'TLSv1.3',
    cipher: 'x',
    trusted: trustError === null,
    trustError,
    verifiedAt: NOW,
    chain,
    sent: [],
  };
}

const CERTIFICATES = {
  good: factsOf({}, null),
  expired: factsOf({ validTo: new Date(NOW.getTime() - 3.5 * DAY_MS) }, 'CERT_HAS_EXPIRED'),
  misnamed: factsOf({ altNames: ['DNS:other.example'] }, null),
  'for the domain': factsOf({ altNames: [`DNS:${DOMAIN}`] }, null),
  'self-signed': factsOf({ selfIssued: true }, 'DEPTH_ZERO_SELF_SIGNED_CERT'),
  weak: factsOf({ rsa: true, bits: 1024 }, null),
} satisfies Record<string, TlsFacts>;

const record = { usage: 3, selector: 0, matchingType: 0, data: '00' };
const LOOKUPS = {
  'not asked': undefined,
  none: { state: 'none' },
  insecure: { state: 'insecure' },
  unknown: { state: 'unknown', words: 'no answer' },
  unusable: { state: 'records', records: [{ ...record, usage: 1 }], usable: [] },
  match: { state: 'records', records: [], usable: [{ ...record, data: KEY.toString('hex') }] },
  mismatch: { state: 'records', records: [record], usable: [record] },
} satisfies Record<string, TlsaLookup | undefined>;

const policy = (mode: 'enforce' | 'testing' | 'none', mx: string[]): MtaStsResult => {
  return { state: 'policy', policy: { id: '1', mode, mx, maxAgeS: 604_800 }, warnings: [] };
};
const POLICIES = {
  'not asked': undefined,
  none: { state: 'none' },
  unknown: { state: 'unknown', words: 'no answer' },
  broken: { state: 'broken', words: 'the policy has no mode' },
  off: policy('none', []),
  enforced: policy('enforce', [HOST]),
  elsewhere: policy('enforce', ['mx.fabrikam.example']),
  testing: policy('testing', ['mx.fabrikam.example']),
} satisfies Record<string, MtaStsResult | undefined>;

interface Case {
  certificate: keyof typeof CERTIFICATES;
  tlsa: keyof typeof LOOKUPS;
  sts: keyof typeof POLICIES;
}

function judge({ certificate, tlsa, sts }: Case) {
  // The chain was sent as it is.
  const facts = CERTIFICATES[certificate];
  const sent = facts.chain.map(({ sha256 }) => ({ fingerprint256: sha256 })) as unknown as TlsFacts['sent'];
  const evidence: TrustEvidence = {
    facts: { ...facts, sent },
    host: HOST,
    names: [HOST, DOMAIN],
    now: NOW,
    tlsa: LOOKUPS[tlsa],
    mtaSts: POLICIES[sts],
  };
  return judgeTrust(evidence);
}

describe('what counts', () => {
  const cases: (Case & { cause: string | undefined; notes?: RegExp })[] = [
    { certificate: 'good', tlsa: 'not asked', sts: 'not asked', cause: undefined },
    { certificate: 'good', tlsa: 'match', sts: 'enforced', cause: undefined },
    { certificate: 'good', tlsa: 'mismatch', sts: 'enforced', cause: 'dane-mismatch' },
    { certificate: 'good', tlsa: 'unusable', sts: 'none', cause: undefined, notes: /encrypt without checking/ },
    { certificate: 'good', tlsa: 'insecure', sts: 'off', cause: undefined, notes: /not signed with DNSSEC/ },
    {
      certificate: 'good',
      tlsa: 'unknown',
      sts: 'unknown',
      cause: undefined,
      notes: /they put mail off.*policy is not known/,
    },
    { certificate: 'good', tlsa: 'none', sts: 'elsewhere', cause: 'mta-sts-mismatch' },
    { certificate: 'good', tlsa: 'match', sts: 'elsewhere', cause: 'mta-sts-mismatch' },
    {
      certificate: 'good',
      tlsa: 'mismatch',
      sts: 'elsewhere',
      cause: 'dane-mismatch',
      notes: /Besides: does not meet/,
    },
    { certificate: 'good', tlsa: 'none', sts: 'testing', cause: undefined, notes: /in testing mode/ },
    { certificate: 'good', tlsa: 'none', sts: 'broken', cause: undefined, notes: /has no mode/ },
    { certificate: 'expired', tlsa: 'none', sts: 'none', cause: 'expired' },
    { certificate: 'expired', tlsa: 'unusable', sts: 'none', cause: 'expired', notes: /encrypt without checking/ },
    {
      certificate: 'expired',
      tlsa: 'match',
      sts: 'none',
      cause: undefined,
      notes: /DANE vouches.*it expired 3 days ago/,
    },
    { certificate: 'expired', tlsa: 'match', sts: 'enforced', cause: 'expired', notes: /DANE vouches/ },
    { certificate: 'expired', tlsa: 'mismatch', sts: 'none', cause: 'dane-mismatch', notes: /also expired 3 days ago/ },
    {
      certificate: 'expired',
      tlsa: 'none',
      sts: 'elsewhere',
      cause: 'expired',
      notes: /MTA-STS: the policy does not name/,
    },
    { certificate: 'misnamed', tlsa: 'none', sts: 'none', cause: 'name-mismatch' },
    { certificate: 'misnamed', tlsa: 'none', sts: 'enforced', cause: 'mta-sts-mismatch' },
    { certificate: 'for the domain', tlsa: 'none', sts: 'none', cause: undefined },
    { certificate: 'for the domain', tlsa: 'none', sts: 'enforced', cause: 'mta-sts-mismatch' },
    {
      certificate: 'for the domain',
      tlsa: 'none',
      sts: 'testing',
      cause: undefined,
      notes: /in testing mode: the policy/,
    },
    { certificate: 'self-signed', tlsa: 'match', sts: 'not asked', cause: undefined, notes: /it is self-signed/ },
    { certificate: 'weak', tlsa: 'match', sts: 'none', cause: 'weak-key' },
    // What OpenSSL takes, senders that follow MTA-STS take too.
    { certificate: 'weak', tlsa: 'none', sts: 'enforced', cause: 'weak-key' },
  ];
  test.each(cases)('$certificate, TLSA $tlsa, MTA-STS $sts: $cause', ({ cause, notes, ...given }) => {
    const verdict = judge(given);
    expect(verdict.telling?.cause).toBe(cause);
    if (notes === undefined) expect(verdict.notes).toEqual([]);
    else expect(verdict.notes.join(' ')).toMatch(notes);
  });
});

test('every combination keeps the senders apart', () => {
  const keys = <T extends object>(of: T) => fc.constantFrom(...(Object.keys(of) as (keyof T)[]));
  const anything = fc.record({ certificate: keys(CERTIFICATES), tlsa: keys(LOOKUPS), sts: keys(POLICIES) });
  fc.assert(
    fc.property(anything, (given) => {
      const { trust, problems, telling, dane, mtaSts } = judge(given);
      const by = new Map(trust.map((line) => [line.model, line]));
      expect(by.get('opportunistic')?.delivers).toBe(true);
      expect(by.get('pkix')?.delivers).toBe(problems.length === 0);
      expect(by.has('dane')).toBe(given.tlsa !== 'not asked');
      expect(by.has('mta-sts')).toBe(given.sts !== 'not asked');
      expect(by.get('dane')?.delivers === false).toBe(dane === 'mismatch');
      expect(by.get('mta-sts')?.delivers === false).toBe(mtaSts === 'mismatch');
      // Nothing is wrong only where nobody but those who require trust refuses, and DANE stands in for that.
      if (telling === undefined) {
        expect([dane, mtaSts]).not.toContain('mismatch');
        expect(problems.length === 0 || dane === 'match').toBe(true);
      }
      for (const { words } of trust) expect(words).toMatch(/^[A-Z].*\.$/);
    }),
  );
});
