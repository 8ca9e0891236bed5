import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode, encode, streamEncode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/log.ts';
import { type DnsServer, startDnsServer } from '../../../src/sandbox/dns/dns-server.ts';
import { buildZone, placeServers } from '../../../src/sandbox/dns/zone.ts';
import { SITES } from '../../../src/sandbox/sites.ts';

let server: DnsServer;
const resolver = new Resolver({ timeout: 500, tries: 1 });

beforeAll(async () => {
  server = await startDnsServer(buildZone(SITES, placeServers(SITES)), silentLogger());
  resolver.setServers([`127.0.0.1:${server.port}`]);
});
afterAll(() => server.stop());

describe('as a resolver sees it', () => {
  it('gives the MX, address and reverse name of a healthy domain, which agree', async () => {
    expect(await resolver.resolveMx('healthy.sandbox.test')).toMatchObject([
      { exchange: 'mx1.healthy.sandbox.test', priority: 10 },
    ]);
    expect(await resolver.resolve4('mx1.healthy.sandbox.test')).toEqual(['203.0.113.10']);
    expect(await resolver.reverse('203.0.113.10')).toEqual(['mx1.healthy.sandbox.test']);
    expect(await resolver.resolveTxt('healthy.sandbox.test')).toEqual([['v=spf1 mx -all']]);
  });

  it('gives each server an address of its own', async () => {
    const ips = placeServers(SITES).map(({ ip }) => ip);
    expect(ips.length).toBeGreaterThan(20);
    expect(new Set(ips).size).toBe(ips.length);
    for (const ip of ips) expect(ip).toMatch(/^203\.0\.113\.\d{2,3}$/);
  });

  it('does not care for letter case and answers in the case of the question', async () => {
    expect(await resolver.resolve4('MX1.Healthy.SANDBOX.test')).toEqual(['203.0.113.10']);
  });

  it('gives two addresses for the pool, in the order of the table', async () => {
    const ips = await resolver.resolve4('mx1.pool.sandbox.test');
    expect(ips).toHaveLength(2);
    const placed = placeServers(SITES).filter(({ site }) => site.name === 'pool');
    expect(ips).toEqual(placed.map(({ ip }) => ip));
    expect(placed.map(({ script }) => script.closed)).toEqual([true, undefined]);
  });

  it('shows a null MX (RFC 7505)', async () => {
    expect(await resolver.resolveMx('nullmx.sandbox.test')).toMatchObject([{ exchange: '', priority: 0 }]);
  });

  it('shows an MX that is an alias', async () => {
    expect(await resolver.resolveMx('alias.sandbox.test')).toMatchObject([
      { exchange: 'mail.alias.sandbox.test', priority: 10 },
    ]);
    expect(await resolver.resolveCname('mail.alias.sandbox.test')).toEqual(['mx1.alias.sandbox.test']);
    expect(await resolver.resolve4('mail.alias.sandbox.test')).toEqual(
      await resolver.resolve4('mx1.alias.sandbox.test'),
    );
  });

  it('has an MX host without an address, and one without a reverse name', async () => {
    expect(await resolver.resolveMx('noaddress.sandbox.test')).toMatchObject([
      { exchange: 'mx1.noaddress.sandbox.test', priority: 10 },
    ]);
    await expect(resolver.resolve4('mx1.noaddress.sandbox.test')).rejects.toMatchObject({ code: 'ENODATA' });
    const [ip = ''] = await resolver.resolve4('mx1.blocked.sandbox.test');
    await expect(resolver.reverse(ip)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it.each([
    ['nxdomain.sandbox.test', 'MX', 'ENOTFOUND'],
    ['_dmarc.refused.sandbox.test', 'TXT', 'ENOTFOUND'],
    ['healthy.sandbox.test', 'A', 'ENODATA'],
    ['mx1.healthy.sandbox.test', 'AAAA', 'ENODATA'],
    ['sandbox.test', 'MX', 'ENODATA'],
    ['servfail.sandbox.test', 'MX', 'ESERVFAIL'],
    ['mx1.servfail.sandbox.test', 'A', 'ESERVFAIL'],
    ['dnstimeout.sandbox.test', 'MX', 'ETIMEOUT'],
    ['contoso.com', 'MX', 'EREFUSED'],
    ['notsandbox.test', 'MX', 'EREFUSED'],
    ['8.8.8.8.in-addr.arpa', 'PTR', 'EREFUSED'],
    ['200.113.0.203.in-addr.arpa', 'PTR', 'ENOTFOUND'],
  ])('%s %s is %s', async (name, type, code) => {
    await expect(resolver.resolve(name, type)).rejects.toMatchObject({ code });
  });
});

describe('over TCP', () => {
  it('answers several questions on one connection, however they are cut', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const questions = ['healthy', 'pool'].map((name, id) =>
      streamEncode({ type: 'query', id, questions: [{ type: 'MX', name: `${name}.sandbox.test` }] }),
    );
    const bytes = Buffer.concat(questions);
    socket.write(bytes.subarray(0, 7));
    await sleep(20);
    socket.write(bytes.subarray(7));
    let received = Buffer.alloc(0);
    const names: string[] = [];
    while (names.length < 2) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, chunk]);
      while (received.length > 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const [answer] = decode(received.subarray(2, end)).answers ?? [];
        names.push(answer?.name ?? '');
        received = received.subarray(end);
      }
    }
    socket.destroy();
    expect(names).toEqual(['healthy.sandbox.test', 'pool.sandbox.test']);
  });

  it('drops a connection that announces more than it may send', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    await once(socket, 'connect');
    socket.write(Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.alloc(40_000)]));
    await once(socket, 'close');
    expect(await resolver.resolve4('mx1.healthy.sandbox.test')).toEqual(['203.0.113.10']);
  });
});

describe('against garbage', () => {
  it('goes on answering after 2,000 hostile datagrams', async () => {
    const good = encode({ type: 'query', id: 1, questions: [{ type: 'MX', name: 'healthy.sandbox.test' }] });
    const socket = createSocket('udp4');
    for (let round = 0; round < 2000; round += 1) {
      const packet = Buffer.from(good);
      for (let flips = 0; flips <= round % 5; flips += 1) {
        const at = (round * 31 + flips * 7) % packet.length;
        packet[at] = (round * 17 + flips * 101) & 0xff;
      }
      socket.send(packet.subarray(0, 1 + (round % packet.length)), server.port, '127.0.0.1');
      // Datagrams that the kernel drops for want of room would prove nothing.
      if (round % 50 === 0) await sleep(5);
    }
    expect(await resolver.resolve4('mx1.healthy.sandbox.test')).toEqual(['203.0.113.10']);
    socket.close();
  });
});
