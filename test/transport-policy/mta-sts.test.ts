import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { fetchMtaSts, type MtaStsResult, type PolicyDeps } from '../../src/transport-policy/mta-sts.ts';
import { type DnsZone, type Fault, startDnsZone } from '../dns/dns-zone.ts';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { DOMAIN, HOST, POLICY, serve, startPolicyHost } from './policy-host.ts';

const ADDRESS = '203.0.113.10';
const RECORD = `_mta-sts.${DOMAIN}`;
const EGRESS = { allow: ['203.0.113.0/24'], ports: [25] };

let ca: Authority;
let good: Identity;
let dns: Awaited<ReturnType<typeof startDnsZone>>;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  ca = await createAuthority('Policy Test Root');
  good = await ca.issue({ names: [HOST] });
  dns = await startDnsZone({});
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => dns.close());

function useZone(zone: DnsZone): void {
  for (const name of Object.keys(dns.zone)) delete dns.zone[name];
  Object.assign(dns.zone, zone);
}

/** A zone in which everything is right, with something changed. */
function rightZone(changes: DnsZone = {}): DnsZone {
  return { [RECORD]: { txt: ['v=STSv1; id=20260101T000000;'] }, [HOST]: { a: [ADDRESS] }, ...changes };
}

function ask(port: number, overrides: Partial<PolicyDeps> = {}): Promise<MtaStsResult> {
  return fetchMtaSts(DOMAIN, {
    resolver: createResolver({ server: dns.address, timeoutMs: 500, tries: 1 }),
    egress: EGRESS,
    dial: () => ({ host: '127.0.0.1', port }),
    ca: [ca.cert],
    timeoutMs: 2000,
    signal: new AbortController().signal,
    ...overrides,
  });
}

/** Asks while an HTTPS server answers so. */
async function askHost(
  listener: RequestListener,
  { identity = good, tls = {}, ...deps }: { identity?: Identity; tls?: TlsOptions } & Partial<PolicyDeps> = {},
): Promise<MtaStsResult> {
  useZone(rightZone());
  const host = await startPolicyHost(identity, listener, tls);
  cleanups.push(host.close);
  const result = await ask(host.port, deps);
  await expect.poll(() => host.open).toBe(0);
  return result;
}

describe('a policy', () => {
  test('is fetched from the well-known place of its own host', async () => {
    useZone(rightZone());
    const host = await startPolicyHost(good, serve(POLICY));
    cleanups.push(host.close);
    const dialled: [string, number][] = [];
    const result = await ask(host.port, {
      dial: (ip, port) => {
        dialled.push([ip, port]);
        return { host: '127.0.0.1', port: host.port };
      },
    });
    expect(result).toEqual({
      state: 'policy',
      policy: {
        id: '20260101T000000',
        mode: 'enforce',
        mx: ['mx1.contoso.example', '*.mail.contoso.example'],
        maxAgeS: 604_800,
      },
      warnings: [],
    });
    expect(dialled).toEqual([[ADDRESS, 443]]);
    expect(host.requests).toEqual([{ host: HOST, path: '/.well-known/mta-sts.txt', servername: HOST }]);
  });

  test('of a content type that is not text is used, with a warning', async () => {
    expect(await askHost(serve(POLICY, { 'content-type': 'application/octet-stream' }))).toMatchObject({
      state: 'policy',
      warnings: ['the policy is served as application/octet-stream, not text/plain'],
    });
    expect(await askHost(serve(POLICY, { 'content-type': 'Text/Plain; charset=utf-8' }))).toMatchObject({
      state: 'policy',
      warnings: [],
    });
  });

  test('at a second address is found when the first refuses', async () => {
    useZone(rightZone({ [HOST]: { a: ['203.0.113.9', ADDRESS] } }));
    const host = await startPolicyHost(good, serve(POLICY));
    cleanups.push(host.close);
    const result = await ask(host.port, {
      dial: (ip) => ({ host: '127.0.0.1', port: ip === ADDRESS ? host.port : 1 }),
    });
    expect(result).toMatchObject({ state: 'policy' });
  });
});

describe('the record', () => {
  const name = `_mta-sts.${DOMAIN}`;
  test.each<[txt: string[], expected: object]>([
    [['v=spf1 -all'], { state: 'none' }],
    [[], { state: 'none' }],
    [
      ['v=STSv1; id=1', 'v=STSv1; id=2'],
      { state: 'broken', words: `${name} has 2 records of version STSv1; exactly one is allowed` },
    ],
    [['v=STSv1'], { state: 'broken', words: `${name} has no id` }],
    [
      ['v=STSv1; id=2026-01-01;'],
      { state: 'broken', words: `${name} has the id "2026-01-01"; an id is 1 to 32 letters and digits` },
    ],
    [['v=STSv1; id=;'], { state: 'broken' }],
    [[`v=STSv1; id=${'1'.repeat(33)};`], { state: 'broken' }],
    [['v=STSv1; id 1;'], { state: 'broken', words: `${name} holds "id 1", which is not key=value` }],
    [['v=STSv2; id=1;'], { state: 'broken', words: `${name} does not begin with v=STSv1; but with "v=STSv2; id=1;"` }],
    [['"v=STSv1; id=1;"'], { state: 'broken' }],
    [['V=stsv1; id=1;'], { state: 'broken' }],
  ])('%j', async (txt, expected) => {
    useZone(rightZone({ [RECORD]: { txt } }));
    expect(await ask(1)).toMatchObject(expected);
  });

  test.each([['v=STSv1;id=1'], ['v=STSv1 ; id=1 ;'], ['v=STSv1; id=1; x=y; id=2;']])('%s is right', async (txt) => {
    useZone(rightZone({ [RECORD]: { txt: [txt, 'google-site-verification=x'] } }));
    const host = await startPolicyHost(good, serve(POLICY));
    cleanups.push(host.close);
    expect(await ask(host.port)).toMatchObject({ state: 'policy', policy: { id: '1' } });
  });

  test('that does not exist is none', async () => {
    useZone({ [DOMAIN]: {} });
    expect(await ask(1)).toEqual({ state: 'none' });
  });

  test.each<[Fault, string]>([
    ['SERVFAIL', 'fails (SERVFAIL)'],
    ['bogus', 'fails because the DNSSEC signatures do not verify'],
    ['silence', 'gets no answer'],
    ['REFUSED', 'is refused by the DNS server'],
    ['garbage', 'gets an unusable answer'],
  ])('%s leaves it unknown, for the record and for the host', async (fault, words) => {
    useZone(rightZone({ [RECORD]: { fault } }));
    expect(await ask(1)).toEqual({ state: 'unknown', words: `the look-up of the TXT record ${name} ${words}` });
    useZone(rightZone({ [HOST]: { fault } }));
    expect(await ask(1)).toEqual({ state: 'unknown', words: `the look-up of the address of ${HOST} ${words}` });
  });
});

describe('the host', () => {
  test('without an address', async () => {
    useZone(rightZone({ [HOST]: {} }));
    expect(await ask(1)).toEqual({ state: 'broken', words: `${HOST} has no address` });
    useZone({ [RECORD]: { txt: ['v=STSv1; id=1;'] } });
    expect(await ask(1)).toEqual({ state: 'broken', words: `${HOST} has no address` });
  });

  test.each([
    ['127.0.0.1', 'is a loopback address'],
    ['10.0.0.1', 'is a private address'],
    ['169.254.169.254', 'is a link-local address'],
    ['168.63.129.16', 'is an address of a cloud metadata service'],
    ['0.0.0.0', 'is the unspecified address'],
  ])('at %s is never dialled', async (ip, words) => {
    useZone(rightZone({ [HOST]: { a: [ip] } }));
    const dial = (): never => {
      throw new Error('dialled');
    };
    const result = await ask(1, { dial });
    expect(result).toMatchObject({ state: 'broken' });
    expect(result).toHaveProperty('words', expect.stringContaining(`${HOST} is not asked: ${ip} ${words}`));
  });

  test.each(['::1', '::ffff:127.0.0.1', 'fd00::1', '64:ff9b::7f00:1'])('at %s is never dialled', async (ip) => {
    useZone(rightZone({ [HOST]: { aaaa: [ip] } }));
    const result = await ask(1, { dial: () => ({ host: '127.0.0.1', port: 1 }) });
    expect(result).toHaveProperty('words', expect.stringContaining('is not asked'));
  });

  test('an address that may not be dialled does not hide one that may', async () => {
    useZone(rightZone({ [HOST]: { a: ['127.0.0.1', ADDRESS] } }));
    const host = await startPolicyHost(good, serve(POLICY));
    cleanups.push(host.close);
    const dialled: string[] = [];
    await ask(host.port, {
      dial: (ip) => {
        dialled.push(ip);
        return { host: '127.0.0.1', port: host.port };
      },
    });
    expect(dialled).toEqual([ADDRESS]);
  });

  test('a public address passes at port 443, whatever ports probes may use', async () => {
    useZone(rightZone({ [HOST]: { a: ['1.2.3.4'] } }));
    const host = await startPolicyHost(good, serve(POLICY));
    cleanups.push(host.close);
    const dial = () => ({ host: '127.0.0.1', port: host.port });
    expect(await ask(host.port, { dial, egress: { allow: [], ports: [25] } })).toMatchObject({ state: 'policy' });
  });

  test('that refuses', async () => {
    useZone(rightZone());
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await ask(port)).toEqual({ state: 'broken', words: `${HOST} refuses the connection` });
  });

  test('that this machine has no way to says nothing about the policy', async () => {
    useZone(rightZone());
    const dial = () => ({ host: '255.255.255.255', port: 443 });
    expect(await ask(1, { dial })).toEqual({
      state: 'unknown',
      words: `${HOST} cannot be reached from here (ENETUNREACH)`,
    });
  });

  test.each<[what: string, onConnection: (write: (text: string) => void, end: () => void) => void, words: string]>([
    ['silence', () => undefined, 'does not answer'],
    ['hanging up', (_, end) => end(), 'closes the connection during the TLS handshake'],
    ['no TLS', (write) => write('220 mail.contoso.example ESMTP\r\n'), 'fails the TLS handshake'],
  ])('that answers the connection with %s', async (_, onConnection, words) => {
    useZone(rightZone());
    const sockets = new Set<{ destroy(): void }>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.resume();
      onConnection(
        (text) => socket.write(text),
        () => socket.end(),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const result = await ask((server.address() as AddressInfo).port, { timeoutMs: 400 });
    for (const socket of sockets) socket.destroy();
    server.close();
    expect(result).toMatchObject({ state: 'broken' });
    expect(result).toHaveProperty('words', expect.stringContaining(`${HOST} ${words}`));
  });

  test('that speaks only an old TLS', async () => {
    const tls = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const result = await askHost(serve(POLICY), { tls });
    expect(result).toMatchObject({ state: 'broken' });
    expect(result).toHaveProperty('words', expect.stringMatching(/fails the TLS handshake \(.*(version|protocol).*\)/));
  });
});

describe('the certificate', () => {
  test.each<[what: string, identity: () => Promise<Identity>, words: RegExp]>([
    [
      'expired',
      () => ca.issue({ names: [HOST], fromDays: -90, toDays: -2 }),
      /has a certificate that expired \(.*GMT\)$/,
    ],
    ['not yet valid', () => ca.issue({ names: [HOST], fromDays: 2 }), /has a certificate that is not valid before /],
    ['self-signed', () => selfSigned({ names: [HOST] }), /has a self-signed certificate$/],
    [
      'for another name',
      () => ca.issue({ names: ['www.contoso.example', 'contoso.example'] }),
      /has a certificate for "www\.contoso\.example, contoso\.example", not for mta-sts\.contoso\.example$/,
    ],
    [
      'of somebody else',
      async () => (await createAuthority('Another Root')).issue({ names: [HOST] }),
      /has a certificate of an authority that is not trusted \("Another Root"\)$/,
    ],
  ])('%s', async (_, identity, words) => {
    const requests: unknown[] = [];
    const result = await askHost(
      (request, response) => {
        requests.push(request);
        serve(POLICY)(request, response);
      },
      { identity: await identity() },
    );
    expect(result).toMatchObject({ state: 'broken' });
    expect(result).toHaveProperty('words', expect.stringMatching(words));
    expect(requests).toEqual([]);
  });

  test('of a private authority is not trusted unless it is configured', async () => {
    expect(await askHost(serve(POLICY), { ca: [] })).toHaveProperty(
      'words',
      `${HOST} has a certificate of an authority that is not trusted ("Policy Test Root")`,
    );
  });
});

describe('the answer', () => {
  test.each<[what: string, listener: RequestListener, words: string]>([
    ['404', serve('not here', {}, 404), 'answers with HTTP status 404'],
    ['500', serve('', {}, 500), 'answers with HTTP status 500'],
    ['204', serve('', {}, 204), 'answers with HTTP status 204'],
    [
      'a redirect, even to itself',
      serve('', { location: `https://${HOST}/.well-known/mta-sts.txt` }, 302),
      `redirects to "https://${HOST}/.well-known/mta-sts.txt" (HTTP status 302), which senders do not follow`,
    ],
    ['a redirect to nowhere', serve('', {}, 301), 'redirects (HTTP status 301), which senders do not follow'],
    ['too much', serve('x'.repeat(70_000)), 'sends more than 64 KB'],
    [
      'without end',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
      },
      'sends more than 64 KB',
    ],
    ['silence', () => undefined, 'does not send its answer in time'],
    [
      'half an answer',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
        response.write('version: STSv1\n');
        setTimeout(() => response.socket?.destroy(), 20);
      },
      'breaks off in the middle of its answer',
    ],
    [
      'an answer drop by drop',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
      },
      'does not send its answer in time',
    ],
    ['nothing', (request) => request.socket.destroy(), 'closes the connection without an answer'],
  ])('%s', async (_, listener, words) => {
    expect(await askHost(listener, { timeoutMs: 1200 })).toEqual({ state: 'broken', words: `${HOST} ${words}` });
  });

  test('a page where the policy should be', async () => {
    const page = '<!DOCTYPE html>\n<html><body>Welcome</body></html>\n';
    expect(await askHost(serve(page, { 'content-type': 'text/html; charset=utf-8' }))).toEqual({
      state: 'broken',
      words:
        'the policy is malformed: line 1 is "<!DOCTYPE html>", not "key: value"; it is served as text/html, not text/plain',
    });
  });

  test.each<[what: string, raw: string]>([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a switch to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
    ['interim answers and nothing else', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)],
  ])('%s', async (_, raw) => {
    useZone(rightZone());
    const server = createTlsServer(good, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(raw));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const result = await ask((server.address() as AddressInfo).port, { timeoutMs: 500 });
    server.close();
    expect(result).toMatchObject({ state: 'broken' });
  });
});

describe('time', () => {
  test('runs out for look-ups and fetch together', async () => {
    const began = performance.now();
    useZone(rightZone({ [HOST]: { a: [ADDRESS], delayMs: 100 } }));
    const host = await startPolicyHost(good, () => undefined);
    cleanups.push(host.close);
    expect(await ask(host.port, { timeoutMs: 300 })).toMatchObject({ state: 'broken' });
    expect(performance.now() - began).toBeLessThan(2500);
  });

  test.each([0, 60, 200])('an abort after %i ms rejects with its reason and leaves nothing open', async (afterMs) => {
    useZone(rightZone({ [HOST]: { a: [ADDRESS], delayMs: 100 } }));
    const host = await startPolicyHost(good, () => undefined);
    cleanups.push(host.close);
    const stop = new AbortController();
    const asked = ask(host.port, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), afterMs);
    await expect(asked).rejects.toThrow('enough');
    await expect.poll(() => host.open).toBe(0);
  });
});
