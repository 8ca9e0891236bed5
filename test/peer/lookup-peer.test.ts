import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { UserError } from '../../src/errors.ts';
import { createPeerLookup } from '../../src/peer/lookup-peer.ts';
import { parsePeerTarget } from '../../src/peer/peer-target.ts';
import { peerReportSchema } from '../../src/peer/report.ts';
import { type Zone, zoneResolver } from '../probe/harness.ts';

/** Every name publishes SPF, so that hosts and reverse names are all there is to say. */
function withSpf(zone: Zone): DnsResolver {
  const resolver = zoneResolver(zone);
  const txt = async (name: string) =>
    name.startsWith('_') ? resolver.txt(name) : { status: 'ok' as const, records: ['v=spf1 -all'] };
  return { ...resolver, txt };
}

async function lookup(target: string, zone: Zone) {
  const peer = createPeerLookup({ resolver: withSpf(zone) });
  return peerReportSchema.parse(await peer(target, { signal: new AbortController().signal }));
}

const mx = (...hosts: string[]) => hosts.map((host, at) => ({ host, preference: at * 10 }));

describe('lookupPeer', () => {
  test('a domain with confirmed reverse DNS', async () => {
    const report = await lookup(' kim@contoso.example ', {
      mx: { 'contoso.example': mx('mx1.contoso.example', 'mx2.contoso.example') },
      a: { 'mx1.contoso.example': ['192.0.2.1'], 'mx2.contoso.example': ['192.0.2.2'] },
      aaaa: { 'mx1.contoso.example': ['2001:db8::1'] },
      ptr: {
        '192.0.2.1': ['mx1.contoso.example'],
        '2001:db8::1': ['mx1.contoso.example'],
        '192.0.2.2': ['elsewhere.example'],
      },
    });
    expect(report).toMatchObject({ kind: 'domain', addresses: ['192.0.2.1', '2001:db8::1', '192.0.2.2'] });
    expect(report.mx).toEqual([
      { host: 'mx1.contoso.example', preference: 0, addresses: ['192.0.2.1', '2001:db8::1'] },
      { host: 'mx2.contoso.example', preference: 10, addresses: ['192.0.2.2'] },
    ]);
    expect(report.ptr.map(({ confirmed }) => confirmed)).toEqual([true, true, false]);
    expect(report.summary).toBe('kim@contoso.example has 2 MX hosts with 3 addresses.');
  });

  const cases: { name: string; target: string; zone: Zone; severity: string; text: RegExp }[] = [
    { name: 'an address without PTR', target: '192.0.2.9', zone: {}, severity: 'warning', text: /no PTR record/ },
    {
      name: 'an address whose PTR nobody answers for',
      target: '192.0.2.9',
      zone: { broken: { '192.0.2.9': 'timeout' } },
      severity: 'warning',
      text: /^The reverse name of 192\.0\.2\.9 cannot be looked up/,
    },
    { name: 'an address in brackets', target: '[2001:db8::1]', zone: {}, severity: 'warning', text: /no PTR record/ },
    {
      name: 'an address whose PTR does not lead back',
      target: '192.0.2.9',
      zone: { ptr: { '192.0.2.9': ['a.example'] }, a: { 'a.example': ['192.0.2.8'] } },
      severity: 'warning',
      text: /does not resolve back/,
    },
    {
      name: 'a confirmed address',
      target: '192.0.2.9',
      zone: { ptr: { '192.0.2.9': ['a.example'] }, a: { 'a.example': ['192.0.2.9'] } },
      severity: 'ok',
      text: /resolves back/,
    },
    {
      name: 'a host without MX',
      target: 'a.example',
      zone: { a: { 'a.example': ['192.0.2.9'] }, ptr: { '192.0.2.9': ['a.example'] } },
      severity: 'info',
      text: /no MX record/,
    },
    { name: 'a domain that does not exist', target: 'a.example', zone: {}, severity: 'error', text: /NXDOMAIN/ },
    {
      name: 'a domain whose servers fail',
      target: 'a.example',
      zone: { broken: { 'a.example': 'servfail' } },
      severity: 'error',
      text: /SERVFAIL/,
    },
    {
      name: 'a name without mail',
      target: 'a.example',
      zone: { ptr: { 'a.example': [] } },
      severity: 'error',
      text: /neither MX nor address/,
    },
    {
      name: 'a null MX',
      target: 'a.example',
      zone: { mx: { 'a.example': mx('') } },
      severity: 'warning',
      text: /RFC 7505/,
    },
    {
      name: 'an MX that is an alias',
      target: 'a.example',
      zone: {
        mx: { 'a.example': mx('mx.example') },
        a: { 'mx.example': ['192.0.2.9'] },
        cname: { 'mx.example': 'b.example' },
      },
      severity: 'warning',
      text: /alias \(CNAME\) of b\.example/,
    },
    {
      name: 'an MX that is an address',
      target: 'a.example',
      zone: { mx: { 'a.example': mx('192.0.2.1') } },
      severity: 'error',
      text: /host name must stand/,
    },
    {
      name: 'an MX without address',
      target: 'a.example',
      zone: { mx: { 'a.example': mx('mx.example', 'mx2.example') }, a: { 'mx2.example': ['192.0.2.9'] } },
      severity: 'error',
      text: /mx\.example/,
    },
  ];
  test.each(cases)('$name', async ({ target, zone, severity, text }) => {
    const report = await lookup(target, zone);
    expect(report.findings[0]).toMatchObject({ severity, text: expect.stringMatching(text) });
    if (severity !== 'info') expect(report.summary).toBe(report.findings[0]?.text);
  });

  test('is over after its time, with what is known by then', async () => {
    const zone = withSpf({ mx: { 'a.example': mx('mx.example') }, a: { 'mx.example': ['192.0.2.1'] } });
    const ptr = (_: string, signal?: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const peer = createPeerLookup({ resolver: { ...zone, ptr }, timeoutMs: 100 });
    const report = await peer('a.example', { signal: new AbortController().signal });
    expect(report.addresses).toEqual(['192.0.2.1']);
    expect(report.findings.map(({ text }) => text)).toContain(
      'The reverse name of 192.0.2.1 cannot be looked up: its name servers do not answer.',
    );

    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(peer('a.example', { signal: stop.signal })).rejects.toThrow('enough');
  });

  test('the worst finding comes first', async () => {
    const zone = { mx: { 'a.example': mx('mx.example', '') }, cname: { 'mx.example': 'b.example' } };
    const severities = (await lookup('a.example', zone)).findings.map(({ severity }) => severity);
    expect(severities.filter((severity) => severity !== 'info')).toEqual(['error', 'warning', 'warning']);
    expect(severities.slice(0, 3)).not.toContain('info');
  });
});

describe('parsePeerTarget', () => {
  test.each([
    '',
    '  ',
    'a b',
    '1.2.3',
    '300.1.1.1',
    'http://a.example/',
    'a\r\nb.example',
    '<!channel>',
    'x'.repeat(400),
  ])('%j is refused', (text) => {
    expect(() => parsePeerTarget(text)).toThrow(UserError);
  });

  test('any text is a target or a UserError with an example', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parsePeerTarget(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect(error).toHaveProperty('example', '/peer contoso.example');
        }
      }),
    );
  });
});
