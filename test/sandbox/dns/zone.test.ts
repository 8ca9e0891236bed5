import { describe, expect, it } from 'vitest';
import { buildZone, lookUp, placeServers } from '../../../src/sandbox/dns/zone.ts';
import type { Site } from '../../../src/sandbox/site.ts';

const sites: Site[] = [
  { name: 'two', what: 'two hosts', mx: [{ servers: [{}, {}] }, { preference: 5, servers: [{}], reverse: false }] },
  {
    name: 'odd',
    what: 'records of its own',
    records: [
      { name: 'a.b.odd.sandbox.test', type: 'TXT', data: 'deep' },
      { name: 'loop1.odd.sandbox.test', type: 'CNAME', data: 'loop2.odd.sandbox.test' },
      { name: 'loop2.odd.sandbox.test', type: 'CNAME', data: 'loop1.odd.sandbox.test' },
    ],
  },
];
const servers = placeServers(sites);
const zone = buildZone(sites, servers);

describe('placeServers', () => {
  it('numbers the addresses and names the hosts in the order of the table', () => {
    expect(servers.map(({ host, ip }) => [host, ip])).toEqual([
      ['mx1.two.sandbox.test', '203.0.113.10'],
      ['mx1.two.sandbox.test', '203.0.113.11'],
      ['mx2.two.sandbox.test', '203.0.113.12'],
    ]);
  });
});

describe('lookUp', () => {
  it.each([
    ['two.sandbox.test', 'MX', 'NOERROR', ['MX', 'MX']],
    ['TWO.sandbox.test.', 'MX', 'NOERROR', ['MX', 'MX']],
    ['mx1.two.sandbox.test', 'A', 'NOERROR', ['A', 'A']],
    ['10.113.0.203.in-addr.arpa', 'PTR', 'NOERROR', ['PTR']],
    ['12.113.0.203.in-addr.arpa', 'PTR', 'NXDOMAIN', []],
    ['sandbox.test', 'SOA', 'NOERROR', ['SOA']],
    ['b.odd.sandbox.test', 'TXT', 'NOERROR', []],
    ['c.odd.sandbox.test', 'TXT', 'NXDOMAIN', []],
    ['loop1.odd.sandbox.test', 'A', 'SERVFAIL', []],
    ['loop1.odd.sandbox.test', 'CNAME', 'NOERROR', ['CNAME']],
    ['test', 'A', 'REFUSED', []],
    ['.', 'NS', 'REFUSED', []],
  ])('%s %s is %s', (name, type, rcode, types) => {
    const found = lookUp(zone, name, type);
    expect([found.rcode, found.answers.map((record) => record.type)]).toEqual([rcode, types]);
    // A negative answer carries the SOA, so that resolvers know how long to remember it (RFC 2308).
    if (found.answers.length === 0 && rcode !== 'REFUSED' && rcode !== 'SERVFAIL') {
      expect(found.authorities.map((record) => record.type)).toEqual(['SOA']);
    }
  });
});
