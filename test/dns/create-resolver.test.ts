import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asciiHostName, isHostName } from '../../src/dns/host-name.ts';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { reverseName } from '../../src/dns/reverse-name.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { UserError } from '../../src/errors.ts';
import { type Say, startDnsServer } from './dns-server.ts';

function say(type: string, name: string, checked: boolean): Say {
  if (name.startsWith('nxdomain')) return { rcode: 'NXDOMAIN' };
  if (name.startsWith('servfail')) return { rcode: 'SERVFAIL' };
  if (name.startsWith('bogus')) return checked ? { rcode: 'SERVFAIL' } : { answers: [] };
  if (name.startsWith('refused')) return { rcode: 'REFUSED' };
  if (name.startsWith('formerr')) return { rcode: 'FORMERR' };
  if (name.startsWith('silent')) return { silence: true };
  if (name.startsWith('garbage')) return { bytes: Buffer.from('not DNS at all') };
  if (name.startsWith('nodata')) return { answers: [] };
  const mx = (preference: number, exchange: string) => ({ type: 'MX' as const, name, data: { preference, exchange } });
  if (type === 'MX' && name.startsWith('null')) return { answers: [mx(0, '.')] };
  if (type === 'MX' && name.startsWith('many')) {
    return { answers: Array.from({ length: 60 }, (_, at) => mx(60 - at, `mx${at}.a.example`)) };
  }
  if (type === 'MX' && name.startsWith('odd')) return { answers: [mx(1, '<!channel>.example'), mx(2, 'ok.example')] };
  if (type === 'MX' && name.startsWith('vile')) return { answers: [mx(1, 'a b.example')] };
  if (type === 'MX') return { answers: [mx(20, 'mx2.a.example'), mx(10, 'mx1.a.example')] };
  if (type === 'A' && name.startsWith('many')) {
    return { answers: Array.from({ length: 60 }, (_, at) => ({ type: 'A' as const, name, data: `192.0.2.${at}` })) };
  }
  if (type === 'A') return { answers: [{ type: 'A', name, data: '192.0.2.1' }] };
  if (type === 'AAAA') return { answers: [{ type: 'AAAA', name, data: '2001:db8::1' }] };
  if (type === 'CNAME') return { answers: [{ type: 'CNAME', name, data: 'real.a.example' }] };
  if (type === 'TXT' && name.startsWith('proofs')) {
    const proof = (at: number) => ({ type: 'TXT' as const, name, data: [`proof-of-ownership=${at}`] });
    return {
      answers: [...Array.from({ length: 60 }, (_, at) => proof(at)), { type: 'TXT', name, data: ['v=spf1 -all'] }],
    };
  }
  if (type === 'TXT') return { answers: [{ type: 'TXT', name, data: ['v=spf1 ', '-all'] }] };
  if (type === 'PTR') return { answers: [{ type: 'PTR', name, data: `host-of-${name.split('.')[0]}.a.example` }] };
  return { answers: [] };
}

let server: Awaited<ReturnType<typeof startDnsServer>>;
let resolver: DnsResolver;
beforeAll(async () => {
  server = await startDnsServer(say);
  resolver = createResolver({ server: server.address, timeoutMs: 500, tries: 1 });
});
afterAll(() => server.close());

describe('createResolver', () => {
  test('reads every type', async () => {
    expect(await resolver.mx('a.example')).toMatchObject({
      status: 'ok',
      records: [
        { host: 'mx1.a.example', preference: 10 },
        { host: 'mx2.a.example', preference: 20 },
      ],
    });
    expect(await resolver.a('a.example.')).toMatchObject({ status: 'ok', records: ['192.0.2.1'] });
    expect(await resolver.aaaa('a.example')).toMatchObject({ status: 'ok', records: ['2001:db8::1'] });
    expect(await resolver.cname('a.example')).toMatchObject({ status: 'ok', records: ['real.a.example'] });
    expect(await resolver.txt('a.example')).toMatchObject({ status: 'ok', records: ['v=spf1 -all'] });
    expect(await resolver.ptr('192.0.2.7')).toMatchObject({ status: 'ok', records: ['host-of-7.a.example'] });
    expect(resolver.server).toBe(server.address);
  });

  test('an SPF record behind sixty proofs of ownership is found', async () => {
    expect((await resolver.txt('proofs.example')).records).toContain('v=spf1 -all');
  });

  test('a null MX is an empty host', async () => {
    expect(await resolver.mx('null.example')).toMatchObject({ status: 'ok', records: [{ host: '', preference: 0 }] });
  });

  const failures = [
    ['nxdomain', 'nxdomain'],
    ['nodata', 'nodata'],
    ['servfail', 'servfail'],
    ['bogus', 'dnssec'],
    ['refused', 'refused'],
    ['formerr', 'refused'],
    ['silent', 'timeout'],
  ] as const;
  test.each(failures)('%s is told apart', async (name, status) => {
    expect(await resolver.mx(`${name}.example`)).toMatchObject({ status, records: [] });
    expect(await resolver.a(`${name}.example`)).toMatchObject({ status, records: [] });
  });

  test('garbage ends as no answer', async () => {
    expect(['timeout', 'invalid', 'servfail']).toContain((await resolver.mx('garbage.example')).status);
  });

  test('hostile answers are bounded and checked', async () => {
    const many = await resolver.mx('many.example');
    expect(many.records).toHaveLength(20);
    expect(many.records[0]).toMatchObject({ host: 'mx59.a.example', preference: 1 });
    expect((await resolver.a('many.example')).records).toHaveLength(20);
    expect(await resolver.mx('odd.example')).toMatchObject({
      status: 'ok',
      records: [{ host: 'ok.example', preference: 2 }],
    });
    expect(await resolver.mx('vile.example')).toEqual({ status: 'invalid', records: [] });
  });

  test('a name that cannot be one is not asked for', async () => {
    const before = server.asked;
    for (const name of ['', '..', 'a b.example', 'a\r\n.example', `${'x'.repeat(64)}.example`, '<b>.example']) {
      expect(await resolver.a(name)).toEqual({ status: 'invalid', records: [] });
      expect(await resolver.mx(name)).toEqual({ status: 'invalid', records: [] });
    }
    expect(await resolver.ptr('not an address')).toEqual({ status: 'invalid', records: [] });
    expect(server.asked).toBe(before);
  });

  test('an abort ends the wait at once', async () => {
    const slow = createResolver({ server: server.address, timeoutMs: 5000, tries: 1 });
    const stop = new AbortController();
    const began = performance.now();
    const asked = slow.mx('silent.example', stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(asked).rejects.toThrow('enough');
    expect(performance.now() - began).toBeLessThan(1000);
    await expect(slow.mx('a.example', stop.signal)).rejects.toThrow('enough');
  });

  test('localhost resolves without any server, and only then', async () => {
    const system = createResolver({ timeoutMs: 500, tries: 1 });
    expect(await system.a('localhost')).toEqual({ status: 'ok', records: ['127.0.0.1'] });
    expect(await system.aaaa('mx.localhost.')).toEqual({ status: 'ok', records: ['::1'] });
    expect(await system.mx('localhost')).toEqual({ status: 'nodata', records: [] });
    expect(system.server).toBe('system resolver');
    expect(await resolver.a('localhost')).toMatchObject({ status: 'ok', records: ['192.0.2.1'] });
  });

  test('a name of the hosts file resolves without a configured server', async (context) => {
    const line = readFileSync('/etc/hosts', 'utf8')
      .split('\n')
      .find((text) => /^\d+\.\d+\.\d+\.\d+\s+(?!localhost)[a-z]/i.test(text));
    const [ip, name] = line?.split(/\s+/) ?? [];
    if (ip === undefined || name === undefined) return context.skip();
    const system = createResolver({ timeoutMs: 1000, tries: 1 });
    const answer = await system.a(name);
    // Without any reachable DNS the question ends as a timeout before the hosts file counts.
    if (answer.status !== 'timeout') expect(answer.records).toContain(ip);
    expect((await resolver.a(name)).records).toEqual(['192.0.2.1']);
  });

  test.each(['dns.example', '1.2.3', '127.0.0.1:x'])('%j is refused as a server', (name) => {
    expect(() => createResolver({ server: name })).toThrow(UserError);
  });
});

test('reverseName', () => {
  expect(reverseName('192.0.2.7')).toBe('7.2.0.192.in-addr.arpa');
  expect(reverseName('::ffff:192.0.2.7')).toBe('7.2.0.192.in-addr.arpa');
  expect(reverseName('2001:db8::567:89ab')).toBe(
    'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
  );
  expect(reverseName('contoso.example')).toBeUndefined();
});

test('asciiHostName gives a host name or nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0x10_ffff), { maxLength: 30 }), (codes) => {
      const text = String.fromCodePoint(...codes);
      const name = asciiHostName(text);
      expect(name === undefined || isHostName(name)).toBe(true);
    }),
  );
  expect(asciiHostName('Bücher.example')).toBe('xn--bcher-kva.example');
  expect(asciiHostName('2130706433')).toBeUndefined();
});
