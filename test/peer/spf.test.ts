import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { mailauthResolver } from '../../src/peer/mailauth-resolver.ts';
import { spfSchema } from '../../src/peer/section-schemas.ts';
import { lookupSpf } from '../../src/peer/spf/lookup-spf.ts';
import { isSpfRecord, parseSpf, termProblem } from '../../src/peer/spf/spf-record.ts';
import { type DnsZone, startDnsZone } from '../dns/dns-zone.ts';

const chain = Object.fromEntries(
  Array.from({ length: 12 }, (_, n) => [`deep${n}.example`, { txt: [`v=spf1 include:deep${n + 1}.example ?all`] }]),
);

const zone: DnsZone = {
  'a.example': { a: ['192.0.2.1'], aaaa: ['2001:db8::1'], mx: [[10, 'mx.example']], txt: ['v=spf1 -all'] },
  'mx.example': { a: ['192.0.2.25'] },
  'inner.example': { txt: ['v=spf1 ip4:192.0.2.64/26 ip6:2001:db8:1::/48 -all'] },
  'outer.example': { txt: ['v=spf1 include:inner.example ~all'] },
  'two.example': { txt: ['v=spf1 -all', 'v=spf1 ~all'] },
  'dead.example': { fault: 'SERVFAIL' },
  'mute.example': { fault: 'silence' },
  'refusing.example': { fault: 'REFUSED' },
  'loop.example': { txt: ['v=spf1 include:loop.example -all'] },
  '192.0.2.1': { ptr: ['a.example'] },
  ...chain,
};

interface Case {
  name: string;
  record: string | string[];
  ip?: string;
  state: string;
  words?: RegExp;
  others?: string | null;
  lookups?: number;
  result?: string;
  by?: string | null;
  warning?: RegExp;
}

const cases: Case[] = [
  {
    name: 'a range that holds the address',
    record: 'v=spf1 ip4:192.0.2.0/24 -all',
    ip: '192.0.2.9',
    state: 'ok',
    others: 'fail',
    lookups: 0,
    result: 'pass',
    by: 'ip4:192.0.2.0/24',
  },
  {
    name: 'a range that does not',
    record: 'v=spf1 ip4:192.0.2.0/24 -all',
    ip: '198.51.100.1',
    state: 'ok',
    result: 'fail',
    by: '-all',
  },
  {
    name: 'an IPv6 range',
    record: 'v=spf1 ip6:2001:db8::/32 ~all',
    ip: '2001:db8::7',
    state: 'ok',
    others: 'softfail',
    result: 'pass',
    by: 'ip6:2001:db8::/32',
  },
  {
    name: 'softfail',
    record: 'v=spf1 a:a.example ~all',
    ip: '198.51.100.1',
    state: 'ok',
    result: 'softfail',
    by: '~all',
    lookups: 1,
  },
  {
    name: 'neutral without all',
    record: 'v=spf1 a:a.example',
    ip: '198.51.100.1',
    state: 'ok',
    others: 'neutral',
    result: 'neutral',
    by: null,
    warning: /end it with/,
  },
  {
    name: 'an address record',
    record: 'v=spf1 a:a.example -all',
    ip: '192.0.2.1',
    state: 'ok',
    result: 'pass',
    by: 'a:a.example',
  },
  {
    name: 'an IPv6 address record',
    record: 'v=spf1 a:a.example -all',
    ip: '2001:db8::1',
    state: 'ok',
    result: 'pass',
    by: 'a:a.example',
  },
  {
    name: 'an MX record',
    record: 'v=spf1 mx:a.example -all',
    ip: '192.0.2.25',
    state: 'ok',
    result: 'pass',
    by: 'mx:a.example',
  },
  {
    name: 'an include of an include',
    record: 'v=spf1 include:outer.example -all',
    ip: '192.0.2.65',
    state: 'ok',
    lookups: 2,
    result: 'pass',
    by: 'include:outer.example › include:inner.example › ip4:192.0.2.64/26',
  },
  {
    name: 'a redirect',
    record: 'v=spf1 redirect=inner.example',
    ip: '198.51.100.1',
    state: 'ok',
    lookups: 1,
    others: 'fail',
    result: 'fail',
    by: 'redirect=inner.example › -all',
  },
  {
    name: 'an excluded address',
    record: 'v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 ~all',
    ip: '192.0.2.9',
    state: 'ok',
    result: 'fail',
    by: '-ip4:192.0.2.9',
  },
  {
    name: 'a ptr',
    record: 'v=spf1 ptr:a.example -all',
    ip: '192.0.2.1',
    state: 'ok',
    result: 'pass',
    by: 'ptr:a.example',
    warning: /ptr is slow/,
  },
  { name: 'anybody', record: 'v=spf1 +all', state: 'wrong', others: 'pass', words: /lets anybody send/ },
  {
    name: 'anybody by a range',
    record: 'v=spf1 ip4:0.0.0.0/0 -all',
    state: 'wrong',
    others: 'pass',
    words: /lets anybody send/,
  },
  {
    name: 'two records',
    record: ['v=spf1 -all', 'v=spf1 a -all'],
    ip: '192.0.2.1',
    state: 'wrong',
    words: /2 SPF records/,
    result: 'permerror',
    by: null,
  },
  {
    name: 'an include with two records',
    record: 'v=spf1 include:two.example -all',
    state: 'wrong',
    words: /include:two\.example has 2 SPF records/,
  },
  {
    name: 'an include without SPF',
    record: 'v=spf1 include:mx.example -all',
    state: 'wrong',
    words: /names a domain without SPF/,
  },
  {
    name: 'an include that does not exist',
    record: 'v=spf1 include:gone.example -all',
    state: 'wrong',
    words: /NXDOMAIN/,
  },
  {
    name: 'an include that fails',
    record: 'v=spf1 include:dead.example -all',
    ip: '192.0.2.1',
    state: 'failed',
    words: /^dead\.example, which SPF of .*SERVFAIL/,
    result: 'temperror',
    by: null,
  },
  {
    name: 'an include that is silent',
    record: 'v=spf1 include:mute.example -all',
    state: 'timeout',
    words: /mute\.example.* do not answer/,
  },
  {
    name: 'an include that is refused',
    record: 'v=spf1 include:refusing.example -all',
    state: 'failed',
    words: /the resolver refuses/,
  },
  {
    name: 'an a that fails',
    record: 'v=spf1 a:dead.example -all',
    ip: '192.0.2.1',
    state: 'failed',
    words: /SERVFAIL/,
    result: 'temperror',
  },
  { name: 'a loop', record: 'v=spf1 include:loop.example -all', state: 'wrong', words: /leads back to itself/ },
  {
    name: 'too many look-ups',
    record: 'v=spf1 include:deep1.example -all',
    state: 'wrong',
    words: /takes 1\d DNS look-ups where receivers stop at 10/,
  },
  {
    name: 'look-ups side by side',
    record: `v=spf1 ${'a:a.example '.repeat(11)}-all`,
    state: 'wrong',
    words: /takes 11 DNS/,
    lookups: 11,
  },
  {
    name: 'as many look-ups as may be',
    record: `v=spf1 ${'a:a.example '.repeat(10)}-all`,
    state: 'ok',
    lookups: 10,
    warning: /not one more/,
  },
  {
    name: 'void look-ups',
    record: 'v=spf1 a:v1.example a:v2.example a:v3.example -all',
    state: 'wrong',
    words: /3 of its look-ups find nothing/,
  },
  {
    name: 'a misspelt mechanism',
    record: 'v=spf1 ipv4:192.0.2.1 -all',
    state: 'wrong',
    words: /"ipv4:192\.0\.2\.1" is no SPF mechanism/,
  },
  { name: 'a bad range', record: 'v=spf1 ip4:192.0.2.1/33 -all', state: 'wrong', words: /not an IPv4 range/ },
  {
    name: 'a range of the other family',
    record: 'v=spf1 ip6:192.0.2.1 -all',
    state: 'wrong',
    words: /not an IPv6 range/,
  },
  { name: 'an include of nothing', record: 'v=spf1 include: -all', state: 'wrong', words: /names no domain/ },
  { name: 'a term behind all', record: 'v=spf1 -all a', state: 'ok', warning: /behind all/ },
  {
    name: 'a redirect beside all',
    record: 'v=spf1 redirect=inner.example -all',
    state: 'ok',
    warning: /redirect is ignored/,
    lookups: 0,
  },
  { name: 'a macro', record: 'v=spf1 exists:%{i}._spf.a.example -all', state: 'ok', lookups: 1 },
  { name: 'nearly SPF', record: 'v=spf1: ip4:192.0.2.1', state: 'wrong', words: /looks like SPF and is none/ },
  { name: 'something else', record: 'other=1', state: 'absent' },
];

let dns: Awaited<ReturnType<typeof startDnsZone>>;
let resolver: DnsResolver;
beforeAll(async () => {
  dns = await startDnsZone(zone);
  resolver = createResolver({ server: dns.address, timeoutMs: 300, tries: 1 });
});
afterAll(() => dns.close());

describe('lookupSpf', () => {
  test.concurrent.each(cases.map((one, at) => ({ ...one, at })))('$name', async (one) => {
    const domain = `case${one.at}.example`;
    zone[domain] = { txt: [one.record].flat() };
    const section = spfSchema.parse(await lookupSpf(domain, one.ip === undefined ? [] : [one.ip], resolver));
    expect([section.state, section.words]).toEqual([one.state, expect.stringMatching(one.words ?? /./)]);
    if (one.others !== undefined) expect(section.others).toBe(one.others);
    if (one.lookups !== undefined) expect(section.lookups).toBe(one.lookups);
    if (one.result !== undefined) expect(section.evaluations[0]?.result).toBe(one.result);
    if (one.by !== undefined) expect(section.evaluations[0]?.decidedBy).toBe(one.by);
    if (one.warning !== undefined) expect(section.warnings).toContainEqual(expect.stringMatching(one.warning));
  });

  test('shows the tree', async () => {
    const { terms } = await lookupSpf('outer.example', [], resolver);
    expect(terms.map(({ depth, text }) => `${depth} ${text}`)).toEqual([
      '0 include:inner.example',
      '1 ip4:192.0.2.64/26',
      '1 ip6:2001:db8:1::/48',
      '1 -all',
      '0 ~all',
    ]);
  });

  test.concurrent.each(['a.', 'a.'.repeat(50)])('terms that grow by macros take no time (%j)', async (start) => {
    const domain = `grow${start.length}.example`;
    zone[domain] = { txt: [`v=spf1 exists:${start}${'%{l}'.repeat(900)}! -all`] };
    const began = performance.now();
    const section = await lookupSpf(domain, ['192.0.2.1'], resolver);
    expect(section).toMatchObject({ state: 'wrong', evaluations: [{ result: 'permerror' }] });
    expect(section.words).toMatch(/longer than a name may be/);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('a tree without end is left alone in time', async () => {
    // Every name includes four more: a receiver would stop at ten, and so does the walk, a little later.
    const record = (name: string) => `v=spf1 ${[1, 2, 3, 4].map((n) => `include:${n}${name}`).join(' ')} -all`;
    let asked = 0;
    const endless: DnsResolver = {
      ...resolver,
      txt: async (name) => {
        asked += 1;
        return { status: 'ok', records: [record(name)] };
      },
    };
    const section = await lookupSpf('x.example', ['192.0.2.1'], endless);
    expect(section.state).toBe('wrong');
    expect(asked).toBeLessThan(100);
  });
});

test('mailauth never sees a term that its patterns are slow on', async () => {
  zone['long.example'] = { txt: [`v=spf1 exists:a.${'%{l}'.repeat(900)}! -all`, `other=${'x'.repeat(900)}`] };
  const texts = await mailauthResolver(resolver).resolve('long.example', 'TXT');
  expect(texts.flat()).toEqual(['v=spf1 include:', `other=${'x'.repeat(900)}`]);
});

describe('parseSpf', () => {
  test('never throws, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const record = `v=spf1 ${text}`;
        expect(isSpfRecord(record)).toBe(true);
        for (const term of parseSpf(record)) {
          expect(record).toContain(term.text);
          termProblem(term);
        }
      }),
    );
  });
});
