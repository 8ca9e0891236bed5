import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideEgress } from '../../src/egress/egress-policy.ts';

const policy = { allow: [], ports: [25, 465, 587, 2525] };

describe('decideEgress', () => {
  const denied = [
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '127.0.0.1',
    '127.255.0.9',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '2002:7f00:1::',
    '2001::7f00:1',
    '100::1',
    'fec0::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
  ];
  test.each(denied)('denies %s', (ip) => {
    expect(decideEgress(ip, 25, policy)).toMatchObject({ allowed: false, rule: 'address-range' });
  });

  test.each(['8.8.8.8', '13.92.177.139', '104.47.34.97', '2a01:111:f400::1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'allows %s',
    (ip) => {
      expect(decideEgress(ip, 25, policy)).toEqual({ allowed: true });
    },
  );

  test.each([
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '017700000001',
    '1.2.3',
    'fe80::1%eth0',
    '1.2.3.4 ',
  ])('takes %j for no address', (ip) => {
    expect(decideEgress(ip, 25, policy)).toMatchObject({ allowed: false, rule: 'not-an-address' });
  });

  test.each([0, 22, 80, 443, 3306, 6379, 65535])('denies port %i', (port) => {
    expect(decideEgress('8.8.8.8', port, policy)).toMatchObject({ allowed: false, rule: 'port' });
  });

  test('an address that the operator named passes at any port, its neighbour does not', () => {
    const named = { ...policy, allow: ['127.0.0.0/8', '10.1.2.3', '2001:db8::/48'] };
    expect(decideEgress('127.0.0.1', 40000, named)).toEqual({ allowed: true });
    expect(decideEgress('::ffff:127.0.0.1', 40000, named)).toEqual({ allowed: true });
    expect(decideEgress('10.1.2.3', 25, named)).toEqual({ allowed: true });
    expect(decideEgress('2001:db8:0:9::1', 25, named)).toEqual({ allowed: true });
    expect(decideEgress('10.1.2.4', 25, named).allowed).toBe(false);
    expect(decideEgress('2001:db8:1::1', 25, named).allowed).toBe(false);
    expect(decideEgress('8.8.8.8', 40000, named).allowed).toBe(false);
  });

  test('no disguise of a private IPv4 address passes', () => {
    const hex = (n: number): string => n.toString(16);
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (b, c, d) => {
        const low = `${hex(10 * 256 + b)}:${hex(c * 256 + d)}`;
        for (const ip of [
          `10.${b}.${c}.${d}`,
          `::ffff:${low}`,
          `::${low}`,
          `64:ff9b::${low}`,
          `2002:${low}::1`,
          `2001:0:${low}::1`,
        ]) {
          expect(decideEgress(ip, 25, policy).allowed, ip).toBe(false);
        }
      }),
    );
  });

  test('any text gets a decision', () => {
    fc.assert(fc.property(fc.string(), fc.integer(), (ip, port) => void decideEgress(ip, port, policy)));
  });
});
