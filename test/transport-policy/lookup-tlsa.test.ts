import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withTimeLimit } from '../../src/dns/deadline.ts';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { lookupTlsa } from '../../src/transport-policy/dane.ts';
import { type DnsZone, startDnsZone } from '../dns/dns-zone.ts';

const HOST = 'mx1.contoso.example';
const OWNER = `_25._tcp.${HOST}`;
const RECORD = { usage: 3, selector: 1, matchingType: 1, data: 'ab'.repeat(32) };
const OTHER = { ...RECORD, data: 'cd'.repeat(32) };
const secure = true;

let dns: Awaited<ReturnType<typeof startDnsZone>>;
let resolver: DnsResolver;
beforeAll(async () => {
  dns = await startDnsZone({});
  resolver = createResolver({ server: dns.address, timeoutMs: 600, tries: 1 });
});
beforeEach(() => {
  for (const name of Object.keys(dns.zone)) delete dns.zone[name];
});
afterAll(() => dns.close());

const found = { state: 'records', records: [RECORD], usable: [RECORD] };

describe('lookupTlsa (RFC 7672 2.2)', () => {
  test.each<[what: string, zone: DnsZone, expected: object]>([
    [
      'signed records of a signed host',
      { [HOST]: { a: ['192.0.2.1'], secure }, [OWNER]: { tlsa: [RECORD], secure } },
      found,
    ],
    [
      'a host with IPv6 only',
      { [HOST]: { aaaa: ['2001:db8::1'], secure }, [OWNER]: { tlsa: [RECORD], secure } },
      found,
    ],
    [
      'records that cannot be used stay known',
      { [HOST]: { a: ['192.0.2.1'], secure }, [OWNER]: { tlsa: [{ ...RECORD, usage: 1 }, RECORD], secure } },
      { state: 'records', records: [{ ...RECORD, usage: 1 }, RECORD], usable: [RECORD] },
    ],
    ['no records', { [HOST]: { a: ['192.0.2.1'], secure } }, { state: 'none' }],
    ['no host', {}, { state: 'none' }],
    ['unsigned records', { [HOST]: { a: ['192.0.2.1'], secure }, [OWNER]: { tlsa: [RECORD] } }, { state: 'insecure' }],
    [
      'signed records of a host whose address is not signed',
      { [HOST]: { a: ['192.0.2.1'] }, [OWNER]: { tlsa: [RECORD], secure } },
      { state: 'insecure' },
    ],
    ['nothing signed and no records', { [HOST]: { a: ['192.0.2.1'] } }, { state: 'none' }],
    [
      'records of another port',
      { [HOST]: { a: ['192.0.2.1'], secure }, [`_465._tcp.${HOST}`]: { tlsa: [RECORD], secure } },
      { state: 'none' },
    ],
    [
      'records behind an alias of their own',
      {
        [HOST]: { a: ['192.0.2.1'], secure },
        [OWNER]: { cname: '_dane.contoso.example', secure },
        '_dane.contoso.example': { tlsa: [RECORD], secure },
      },
      found,
    ],
    [
      'records that do not verify',
      { [HOST]: { a: ['192.0.2.1'], secure }, [OWNER]: { fault: 'bogus' } },
      {
        state: 'unknown',
        words: `the look-up of the TLSA record ${OWNER} fails because the DNSSEC signatures do not verify`,
        failure: 'dnssec',
      },
    ],
    [
      'a server that never answers questions for TLSA, in a signed zone',
      { [HOST]: { a: ['192.0.2.1'], secure }, [OWNER]: { fault: 'silence' } },
      { state: 'unknown', words: `the look-up of the TLSA record ${OWNER} gets no answer`, failure: 'timeout' },
    ],
    [
      'the same in a zone that is not signed: nobody would ask',
      { [HOST]: { a: ['192.0.2.1'] }, [OWNER]: { fault: 'silence' } },
      { state: 'none' },
    ],
    [
      'an address that cannot be had',
      { [HOST]: { fault: 'SERVFAIL' }, [OWNER]: { tlsa: [RECORD], secure } },
      { state: 'unknown', words: `the look-up of the address of ${HOST} fails (SERVFAIL)` },
    ],
  ])('%s', async (_, zone, expected) => {
    Object.assign(dns.zone, zone);
    expect(await lookupTlsa(HOST, 25, resolver)).toEqual(expected);
  });
});

test('nobody waits long for TLSA where DNSSEC is out of the question', async () => {
  Object.assign(dns.zone, { [HOST]: { a: ['192.0.2.1'] }, [OWNER]: { fault: 'silence' } });
  const patient = createResolver({ server: dns.address, timeoutMs: 10_000, tries: 1 });
  const stop = new AbortController();
  const began = performance.now();
  const result = await withTimeLimit(patient, 10_000, stop.signal, (limited) => lookupTlsa(HOST, 25, limited));
  expect(result).toEqual({ state: 'none' });
  expect(performance.now() - began).toBeLessThan(3000);
});

describe('a host that is an alias (RFC 7672 2.2.2)', () => {
  const END = 'real.fabrikam.example';
  test.each<[what: string, zone: DnsZone, expected: object]>([
    [
      'has the records of the name it leads to',
      {
        [HOST]: { cname: END, secure },
        [END]: { a: ['192.0.2.1'], secure },
        [`_25._tcp.${END}`]: { tlsa: [RECORD], secure },
        [OWNER]: { tlsa: [OTHER], secure },
      },
      { ...found, base: END },
    ],
    [
      'has its own when that name has none',
      { [HOST]: { cname: END, secure }, [END]: { a: ['192.0.2.1'], secure }, [OWNER]: { tlsa: [RECORD], secure } },
      found,
    ],
    [
      'has its own when only itself is signed',
      {
        [HOST]: { cname: END, secure },
        [END]: { a: ['192.0.2.1'] },
        [`_25._tcp.${END}`]: { tlsa: [OTHER], secure },
        [OWNER]: { tlsa: [RECORD], secure },
      },
      found,
    ],
    [
      'has none that count when it is not signed',
      {
        [HOST]: { cname: END },
        [END]: { a: ['192.0.2.1'], secure },
        [`_25._tcp.${END}`]: { tlsa: [RECORD], secure },
        [OWNER]: { tlsa: [RECORD], secure },
      },
      { state: 'insecure' },
    ],
  ])('%s', async (_, zone, expected) => {
    Object.assign(dns.zone, zone);
    expect(await lookupTlsa(HOST, 25, resolver)).toEqual(expected);
  });
});
