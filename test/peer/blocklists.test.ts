import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { reverseName } from '../../src/dns/reverse-name.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { lookupBlocklists } from '../../src/peer/lookup-blocklists.ts';
import { blocklistsSchema } from '../../src/peer/section-schemas.ts';
import { type DnsZone, startDnsZone, type ZoneEntry } from '../dns/dns-zone.ts';

const V4 = '192.0.2.9';
const V6 = '2001:db8::9';

const zone: DnsZone = {};
let dns: Awaited<ReturnType<typeof startDnsZone>>;
let resolver: DnsResolver;
beforeAll(async () => {
  dns = await startDnsZone(zone);
  resolver = createResolver({ server: dns.address, timeoutMs: 300, tries: 1 });
});
afterAll(() => dns.close());

/** Where an address stands in a list. */
function entryName(ip: string, list: string): string {
  return `${reverseName(ip)?.replace(/\.(?:in-addr|ip6)\.arpa$/, '')}.${list}`;
}

const alive: ZoneEntry = { a: ['127.0.0.2'] };
const zen = 'zen.spamhaus.org';

interface Case {
  name: string;
  list?: string;
  ip?: string;
  entry?: ZoneEntry;
  /** What the list says of 127.0.0.2, which it must list, and of 127.0.0.1, which it must not. */
  listed?: ZoneEntry | undefined;
  unlisted?: ZoneEntry;
  /** The same of the test entry for IPv6 addresses. */
  listed6?: ZoneEntry;
  state: string;
  words: RegExp;
  reason?: string;
}

const cases: Case[] = [
  { name: 'not listed', listed: alive, state: 'not-listed', words: /^Not listed by/ },
  {
    name: 'listed, with its reason',
    listed: alive,
    entry: { a: ['127.0.0.2'], txt: ['spam seen'] },
    state: 'listed',
    words: /code 127\.0\.0\.2/,
    reason: 'spam seen',
  },
  {
    name: 'an IPv6 address',
    ip: V6,
    listed: alive,
    entry: { a: ['127.0.0.3'] },
    state: 'listed',
    words: /code 127\.0\.0\.3/,
  },
  {
    name: 'a public resolver',
    listed: { a: ['127.255.255.254'] },
    entry: { a: ['127.255.255.254'] },
    state: 'refused',
    words: /public resolvers/,
  },
  {
    name: 'over the limit',
    listed: alive,
    entry: { a: ['127.255.255.255'] },
    state: 'refused',
    words: /too many questions/,
  },
  {
    name: 'a wrong name',
    listed: alive,
    entry: { a: ['127.255.255.252'] },
    state: 'refused',
    words: /no list of this name/,
  },
  {
    name: 'an unknown error code',
    listed: alive,
    entry: { a: ['127.255.255.250'] },
    state: 'refused',
    words: /error code/,
  },
  {
    name: 'an error only for the test entry',
    listed: { a: ['127.255.255.254'] },
    state: 'refused',
    words: /public resolvers/,
  },
  { name: '127.0.0.1', listed: alive, entry: { a: ['127.0.0.1'] }, state: 'refused', words: /does not serve/ },
  {
    name: 'a resolver that rewrites',
    listed: alive,
    entry: { a: ['203.0.113.80'] },
    state: 'failed',
    words: /rewrites answers/,
  },
  {
    name: 'a dead list that lists everything',
    listed: alive,
    unlisted: { a: ['127.0.0.2'] },
    entry: { a: ['127.0.0.2'] },
    state: 'failed',
    words: /lists everything/,
  },
  { name: 'a dead list that lists nothing', listed: undefined, state: 'failed', words: /its own test entry/ },
  { name: 'SERVFAIL', listed: alive, entry: { fault: 'SERVFAIL' }, state: 'failed', words: /SERVFAIL/ },
  { name: 'REFUSED', listed: alive, entry: { fault: 'REFUSED' }, state: 'refused', words: /refuses/ },
  { name: 'silence', listed: alive, entry: { fault: 'silence' }, state: 'timeout', words: /do not answer/ },
  {
    name: 'an IPv6 address that a list of IPv4 addresses does not list',
    ip: V6,
    listed: alive,
    state: 'failed',
    words: /test entry for IPv6/,
  },
  {
    name: 'an IPv6 address that a list of both does not list',
    ip: V6,
    listed: alive,
    listed6: alive,
    state: 'not-listed',
    words: /^Not listed by/,
  },
  { name: 'a silent test entry', listed: { fault: 'silence' }, state: 'not-listed', words: /^Not listed/ },
];

describe('lookupBlocklists', () => {
  test.concurrent.each(cases.map((one, at) => ({ ip: V4, ...one, at })))('$name', async (one) => {
    const list = `bl${one.at}.example`;
    if (one.entry !== undefined) zone[entryName(one.ip, list)] = one.entry;
    if (one.listed !== undefined) zone[`2.0.0.127.${list}`] = one.listed;
    if (one.unlisted !== undefined) zone[`1.0.0.127.${list}`] = one.unlisted;
    if (one.listed6 !== undefined) zone[`2.0.0.0.0.0.f.7.f.f.f.f${'.0'.repeat(20)}.${list}`] = one.listed6;
    zone[list] = {};
    const section = blocklistsSchema.parse(await lookupBlocklists([one.ip], [list], resolver));
    expect(section.entries).toMatchObject([
      { ip: one.ip, list, state: one.state, words: expect.stringMatching(one.words), reason: one.reason ?? null },
    ]);
  });

  const meanings: [code: string, words: RegExp][] = [
    ['127.0.0.2', /SBL/],
    ['127.0.0.3', /CSS/],
    ['127.0.0.4', /XBL/],
    ['127.0.0.9', /DROP/],
    ['127.0.0.10', /PBL: its provider/],
    ['127.0.0.11', /PBL: Spamhaus/],
    ['127.0.0.99', /code 127\.0\.0\.99/],
  ];
  test.concurrent.each(meanings.map(([code, words], at) => ({ code, words, at })))(
    '$code of Spamhaus',
    async ({ code, words, at }) => {
      const ip = `198.51.100.${at + 1}`;
      zone[`2.0.0.127.${zen}`] = alive;
      zone[entryName(ip, zen)] = { a: [code, code] };
      const { entries } = await lookupBlocklists([ip], [zen.toUpperCase()], resolver);
      expect(entries[0]).toMatchObject({ state: 'listed', words: expect.stringMatching(words) });
    },
  );

  test('asks nobody about private addresses', async () => {
    const before = dns.asked;
    const section = await lookupBlocklists(['10.1.2.3', 'fd00::1', '127.0.0.1'], ['bl.example'], resolver);
    expect(section).toMatchObject({ state: 'not-asked', entries: [] });
    expect(dns.asked).toBe(before);
  });

  test('one sentence for all', async () => {
    zone['2.0.0.127.one.example'] = alive;
    zone['2.0.0.127.two.example'] = { fault: 'SERVFAIL' };
    zone[entryName('192.0.2.30', 'two.example')] = { fault: 'SERVFAIL' };
    const clean = await lookupBlocklists(['192.0.2.30'], ['one.example', 'two.example'], resolver);
    expect(clean).toMatchObject({ state: 'ok', words: 'Not listed: 1 of 2 lists asked; 1 did not say.' });
    zone[entryName('192.0.2.31', 'one.example')] = { a: ['127.0.0.2'] };
    const listed = await lookupBlocklists(['192.0.2.30', '192.0.2.31'], ['one.example'], resolver);
    expect(listed).toMatchObject({
      state: 'wrong',
      words: expect.stringMatching(/^192\.0\.2\.31: .* 1 of 1 lists\.$/),
    });
  });
});
