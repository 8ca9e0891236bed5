import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { parseDkimKey } from '../../src/peer/dkim-key.ts';
import { lookupBimi } from '../../src/peer/lookup-bimi.ts';
import { lookupDkim } from '../../src/peer/lookup-dkim.ts';
import { lookupDmarc } from '../../src/peer/lookup-dmarc.ts';
import { dkimSchema, dmarcSchema } from '../../src/peer/section-schemas.ts';
import { parseTags } from '../../src/peer/tags.ts';
import { type DnsZone, startDnsZone } from '../dns/dns-zone.ts';
import { DKIM, dkimRecord } from './peer-world.ts';

const zone: DnsZone = {};
let dns: Awaited<ReturnType<typeof startDnsZone>>;
let resolver: DnsResolver;
beforeAll(async () => {
  dns = await startDnsZone(zone);
  resolver = createResolver({ server: dns.address, timeoutMs: 300, tries: 1 });
});
afterAll(() => dns.close());

const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const pkcs1 = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'pkcs1', format: 'der' });

describe('parseDkimKey', () => {
  const cases: [name: string, record: string, expected: object][] = [
    ['RSA', DKIM, { kind: 'key', type: 'rsa', bits: 2048, testing: false }],
    ['RSA without version', DKIM.replace('v=DKIM1; ', ''), { kind: 'key', bits: 2048 }],
    ['RSA in the older form', `p=${pkcs1.toString('base64')}`, { kind: 'key', bits: 1024 }],
    ['a key with blanks in it', DKIM.replace('p=MII', 'p=M I I'), { kind: 'key', bits: 2048 }],
    ['Ed25519', `v=DKIM1; k=ed25519; p=${ed25519.toString('base64')}`, { kind: 'key', type: 'ed25519' }],
    ['Ed25519 of the wrong length', 'v=DKIM1; k=ed25519; p=AAAA', { kind: 'broken' }],
    ['test mode', dkimRecord(1024, 't=s:y; '), { kind: 'key', testing: true }],
    ['revoked', 'v=DKIM1; p=', { kind: 'revoked' }],
    ['cut', DKIM.slice(0, 120), { kind: 'broken', words: expect.stringContaining('cut or mistyped') }],
    ['no key', 'v=DKIM1; k=rsa', { kind: 'broken' }],
    ['another version', 'v=DKIM2; p=AAAA', { kind: 'broken' }],
    ['another algorithm', 'v=DKIM1; k=dsa; p=AAAA', { kind: 'broken' }],
    ['SPF of a wildcard', 'v=spf1 -all', { kind: 'other' }],
    ['anything', 'hello', { kind: 'other' }],
  ];
  test.each(cases)('%s', (_, record, expected) => {
    expect(parseDkimKey(record)).toMatchObject(expected);
  });

  test('no text makes it throw', () => {
    const tag = fc.tuple(fc.constantFrom('v', 'p', 'k', 't', 'h'), fc.oneof(fc.string(), fc.base64String()));
    const record = fc.array(tag).map((tags) => tags.map(([name, value]) => `${name}=${value}`).join(';'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), record), (text) => {
        expect(parseDkimKey(text)).toHaveProperty('kind');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseTags(text).tags.size).toBeLessThan(41);
      }),
    );
  });
});

describe('lookupDkim', () => {
  test.concurrent.each([
    ['short', { txt: [dkimRecord(512)] }, 'wrong', /512 bits/],
    ['weak', { txt: [dkimRecord(1024)] }, 'ok', /2048 bits are advised/],
    ['revoked', { txt: ['v=DKIM1; p='] }, 'wrong', /revoked/],
    ['two', { txt: [DKIM, DKIM.replace('k=rsa; ', '')] }, 'wrong', /2 keys/],
    ['dangling', { cname: 'gone.onmicrosoft.example' }, 'wrong', /points at gone\.onmicrosoft\.example/],
    ['hosted', { cname: 'key.onmicrosoft.example' }, 'ok', /RSA 2048/],
    ['dead', { fault: 'SERVFAIL' as const }, 'failed', /SERVFAIL/],
  ])('%s', async (selector, entry, state, words) => {
    zone['key.onmicrosoft.example'] = { txt: [DKIM] };
    zone[`${selector}._domainkey.one.example`] = entry;
    const section = dkimSchema.parse(await lookupDkim('one.example', [selector, 'none'], resolver));
    expect(section.selectors).toMatchObject([{ selector, state, words: expect.stringMatching(words) }]);
    expect(section.asked).toBe(2);
    if (selector === 'hosted') expect(section.selectors[0]?.alias).toBe('key.onmicrosoft.example');
  });

  test('nothing found proves nothing; everything revoked means that nothing is signed', async () => {
    expect(await lookupDkim('two.example', ['s1', 's2'], resolver)).toMatchObject({
      state: 'absent',
      words: expect.stringContaining('may use another'),
    });
    zone['s1._domainkey.three.example'] = { txt: ['v=DKIM1; p='] };
    expect(await lookupDkim('three.example', ['s1', 's2'], resolver)).toMatchObject({
      state: 'absent',
      words: expect.stringContaining('signs nothing'),
    });
  });
});

describe('lookupDmarc', () => {
  zone['a1.example._report._dmarc.y.example'] = { txt: ['v=DMARC1;'] };
  const own = 'v=DMARC1; p=quarantine; sp=reject; pct=50; rua=mailto:a@x.example, mailto:b@y.example!10m';
  test.concurrent.each([
    [
      'its own',
      { '_dmarc.a1.example': { txt: [own] } },
      'a1.example',
      {
        state: 'ok',
        policy: 'quarantine',
        percent: 50,
        at: 'a1.example',
        reportsTo: ['a@x.example', 'b@y.example!10m'],
        warnings: [
          'only 50 % of failing mail is acted upon',
          'x.example has not agreed to take reports (a1.example._report._dmarc.x.example)',
        ],
      },
    ],
    [
      'of the organization',
      { '_dmarc.a2.example': { txt: [own] } },
      'mail.a2.example',
      { state: 'ok', policy: 'reject', at: 'a2.example', words: 'DMARC reject from a2.example.' },
    ],
    ['none of both', {}, 'mail.a3.example', { state: 'absent', at: null }],
    [
      'two records',
      { '_dmarc.a4.example': { txt: [own, own] } },
      'a4.example',
      { state: 'wrong', words: expect.stringContaining('2 DMARC records') },
    ],
    [
      'no policy',
      { '_dmarc.a5.example': { txt: ['v=DMARC1; rua=mailto:a@x.example'] } },
      'a5.example',
      { state: 'wrong', policy: null },
    ],
    [
      'an unknown policy',
      { '_dmarc.a6.example': { txt: ['v=DMARC1; p=block'] } },
      'a6.example',
      { state: 'wrong', words: expect.stringContaining('"block"') },
    ],
    [
      'nearly DMARC',
      { '_dmarc.a7.example': { txt: ['p=reject; v=DMARC1'] } },
      'a7.example',
      { state: 'wrong', words: expect.stringContaining('looks like DMARC') },
    ],
    [
      'a bad percentage',
      { '_dmarc.a8.example': { txt: ['v=DMARC1; p=reject; pct=lots; rua=mailto:a@x.example'] } },
      'a8.example',
      {
        state: 'ok',
        percent: null,
        warnings: ['pct= is not a number from 0 to 100', expect.stringContaining('not agreed')],
      },
    ],
    [
      'a tag without a value',
      { '_dmarc.b3.example': { txt: ['v=DMARC1; P; rua=mailto:a@b3.example'] } },
      'b3.example',
      { state: 'wrong', policy: null },
    ],
    ['a wildcard TXT', { '_dmarc.a9.example': { txt: ['v=spf1 -all'] } }, 'a9.example', { state: 'absent' }],
    [
      'a failing subdomain is not passed over',
      { '_dmarc.mail.b1.example': { fault: 'SERVFAIL' as const }, '_dmarc.b1.example': { txt: [own] } },
      'mail.b1.example',
      { state: 'failed', at: 'mail.b1.example' },
    ],
    [
      'a failing organization',
      { '_dmarc.b2.example': { fault: 'silence' as const } },
      'mail.b2.example',
      { state: 'timeout' },
    ],
  ])('%s', async (_, entries, domain, expected) => {
    Object.assign(zone, entries);
    expect(dmarcSchema.parse(await lookupDmarc(domain, resolver))).toMatchObject(expected);
  });
});

describe('lookupBimi', () => {
  test.concurrent.each([
    [
      'c1.example',
      ['v=BIMI1; l=https://c1.example/l.svg; a=https://c1.example/vmc.pem'],
      'ok',
      /^BIMI logo published\.$/,
    ],
    ['c2.example', ['v=BIMI1; l=; a=;'], 'ok', /wants no BIMI/],
    ['c3.example', ['v=BIMI1; l=https://a/', 'v=BIMI1; l=https://b/'], 'wrong', /2 where one/],
    ['c4.example', ['l=https://a/'], 'wrong', /version/],
    ['c5.example', ['v=BIMI1; l=<!channel>'], 'wrong', /location/],
    ['c6.example', ['v=BIMI1; V; l=https://c6.example/l.svg'], 'wrong', /"V" is not tag=value/],
  ])('%s', async (domain, txt, state, words) => {
    zone[`default._bimi.${domain}`] = { txt };
    const section = await lookupBimi(domain, resolver);
    expect([section.state, section.words]).toEqual([state, expect.stringMatching(words)]);
  });
});

test('no DMARC or BIMI record makes a look-up throw, though mailauth does for some', async () => {
  const part = fc.oneof(
    fc.constantFrom('P', 'V', 'v=', 'sp', 'pct', 'rua', 'p=reject', 'rua=mailto:a@b', 'l', 'l=https://a/b.svg'),
    fc.constantFrom('__proto__=x', 'constructor=1', 'toString'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(';'));
  await fc.assert(
    fc.asyncProperty(text, async (rest) => {
      const txt: DnsResolver['txt'] = async (name) =>
        name.startsWith('default._bimi')
          ? { status: 'ok', records: [`v=BIMI1;${rest}`] }
          : { status: 'ok', records: [`v=DMARC1;${rest}`] };
      const asked = { ...resolver, txt };
      expect(dmarcSchema.parse(await lookupDmarc('any.example', asked)).record).not.toBeNull();
      expect((await lookupBimi('any.example', asked)).record).toMatch(/^v=BIMI1/);
    }),
    { numRuns: 300 },
  );
});
