import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import packet from 'dns-packet';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { framed, type Query, replyTo, type Say, type Speaker, startDnsServer } from './dns-server.ts';

const A = (name: string, data = '192.0.2.1') => ({ type: 'A' as const, name, ttl: 60, data });
const CNAME = (name: string, data: string) => ({ type: 'CNAME' as const, name, ttl: 60, data });

let server: Awaited<ReturnType<typeof startDnsServer>> | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function resolverFor(say: Speaker, timeoutMs = 500, tries = 1): Promise<DnsResolver> {
  server = await startDnsServer(say);
  return createResolver({ server: server.address, timeoutMs, tries });
}

/** A proper reply with some of its bytes changed. */
function spoiled(query: Query, name: string, spoil: (bytes: Buffer) => Buffer): Buffer {
  return spoil(replyTo(query, { answers: [A(name, '203.0.113.66')], secure: true }));
}

describe('DNSSEC', () => {
  test.each<[says: Say, expected: object]>([
    [
      { answers: [A('a.example')], secure: true },
      { status: 'ok', records: ['192.0.2.1'], secure: true },
    ],
    [{ answers: [A('a.example')] }, { status: 'ok', records: ['192.0.2.1'], secure: false }],
    [
      { answers: [], secure: true },
      { status: 'nodata', records: [], secure: true },
    ],
    [{ answers: [] }, { status: 'nodata', records: [], secure: false }],
    [
      { rcode: 'NXDOMAIN', secure: true },
      { status: 'nxdomain', records: [], secure: true },
    ],
    // A failure vouches for nothing, whatever it claims.
    [
      { rcode: 'REFUSED', secure: true },
      { status: 'refused', records: [] },
    ],
  ])('%j', async (says, expected) => {
    const resolver = await resolverFor(() => says);
    expect(await resolver.a('a.example')).toEqual(expected);
  });

  test('the question asks for AD and for DNSSEC, with room for what crosses every network', async () => {
    const seen: packet.DecodedPacket[] = [];
    const resolver = await resolverFor((_type, _name, _checked, query) => {
      seen.push(query.packet);
      return { answers: [] };
    });
    await resolver.txt('a.example');
    const [asked] = seen;
    expect(asked).toMatchObject({ flag_ad: true, flag_rd: true, flag_cd: false });
    expect(asked?.additionals?.[0]).toMatchObject({ type: 'OPT', udpPayloadSize: 1232, flag_do: true });
  });

  const servfail: Say = { rcode: 'SERVFAIL' };
  test.each<[name: string, checked: Say, unchecked: Say, expected: string]>([
    ['an answer as soon as nothing is checked', servfail, { answers: [] }, 'dnssec'],
    ['NXDOMAIN as soon as nothing is checked', servfail, { rcode: 'NXDOMAIN' }, 'dnssec'],
    ['SERVFAIL either way', servfail, servfail, 'servfail'],
    ['silence when nothing is checked', servfail, { silence: true }, 'servfail'],
    ['garbage when nothing is checked', servfail, { bytes: Buffer.from('no DNS') }, 'servfail'],
    ['a refusal when nothing is checked', servfail, { rcode: 'REFUSED' }, 'servfail'],
  ])('%s', async (_, checked, unchecked, expected) => {
    const resolver = await resolverFor((_type, _name, checking) => (checking ? checked : unchecked));
    expect(await resolver.mx('a.example')).toEqual({ status: expected, records: [] });
    expect(await resolver.tlsa('_25._tcp.a.example')).toEqual({ status: expected, records: [] });
  });

  test('a server that has recovered meanwhile is not accused', async () => {
    let asked = 0;
    const resolver = await resolverFor(() => {
      asked += 1;
      return asked === 1 ? servfail : { answers: [] };
    });
    expect(await resolver.mx('a.example')).toEqual({ status: 'servfail', records: [] });
  });
});

test('TLSA records are read', async () => {
  const certificate = Buffer.from('0123456789abcdef'.repeat(4), 'hex');
  const resolver = await resolverFor((type, name) => {
    const data = { usage: 3, selector: 1, matchingType: 1, certificate };
    return { answers: type === 'TLSA' ? [{ type, name, data }] : [], secure: true };
  });
  expect(await resolver.tlsa('_25._tcp.mx1.contoso.example')).toEqual({
    status: 'ok',
    records: [{ usage: 3, selector: 1, matchingType: 1, data: certificate.toString('hex') }],
    secure: true,
  });
});

describe('aliases in the answer', () => {
  test.each<[what: string, says: (name: string) => Say, expected: object]>([
    [
      'are followed, whatever their order and letter case',
      (name) => ({ answers: [A('END.example'), CNAME('b.example', 'end.EXAMPLE'), CNAME(name, 'B.example')] }),
      { status: 'ok', records: ['192.0.2.1'] },
    ],
    [
      'that lead nowhere are no data',
      (name) => ({ answers: name === 'b.example' ? [] : [CNAME(name, 'b.example')] }),
      { status: 'nodata' },
    ],
    [
      'that lead to a name that does not exist',
      (name) => ({ rcode: 'NXDOMAIN', answers: [CNAME(name, 'b.example')] }),
      { status: 'nxdomain' },
    ],
    [
      'in a circle are no answer',
      (name) => ({ answers: [CNAME(name, 'b.example'), CNAME('b.example', name)] }),
      { status: 'invalid' },
    ],
    [
      'without end are no answer',
      (name) => ({
        answers: Array.from({ length: 40 }, (_, at) => CNAME(at === 0 ? name : `c${at}.example`, `c${at + 1}.example`)),
      }),
      { status: 'invalid' },
    ],
    [
      'do not carry records of other names',
      () => ({ answers: [A('else.example', '203.0.113.66'), CNAME('x.example', 'else.example')] }),
      { status: 'nodata', records: [] },
    ],
  ])('%s', async (_, says, expected) => {
    const resolver = await resolverFor((_type, name) => says(name));
    expect(await resolver.a('a.example')).toMatchObject(expected);
  });

  test('the alias itself can be asked for', async () => {
    const resolver = await resolverFor((_type, name) => ({
      answers: [CNAME(name, 'b.example'), CNAME('b.example', 'c.example')],
    }));
    expect(await resolver.cname('a.example')).toMatchObject({ status: 'ok', records: ['b.example'] });
  });
});

describe('transport', () => {
  test('a truncated answer is fetched over TCP', async () => {
    const resolver = await resolverFor((_type, name) => ({
      answers: Array.from({ length: 200 }, (_, at) => A(name, `192.0.2.${at}`)),
      truncated: true,
    }));
    expect((await resolver.a('a.example')).records).toHaveLength(20);
    expect(server?.tcp).toBe(1);
  });

  test('no TCP behind a truncated answer, or a truncated one over TCP too, is no answer', async () => {
    const truncate = (query: Query): Buffer[] => {
      const reply = replyTo(query, { answers: [] });
      reply.writeUInt16BE(reply.readUInt16BE(2) | packet.TRUNCATED_RESPONSE, 2);
      return [reply];
    };
    const resolver = await resolverFor((_type, name, _checked, query) =>
      query.via === 'tcp' && name.startsWith('closed') ? { stream: (socket) => socket.end() } : { bytes: truncate },
    );
    expect(await resolver.a('closed.example')).toEqual({ status: 'refused', records: [] });
    expect(await resolver.a('cut.example')).toEqual({ status: 'invalid', records: [] });
  });

  test.each(['FORMERR', 'NOTIMP'] as const)('a server that answers EDNS with %s is asked without', async (rcode) => {
    const resolver = await resolverFor((_type, name, _checked, { edns }) =>
      edns ? { rcode } : { answers: [A(name)] },
    );
    expect(await resolver.a('a.example')).toMatchObject({ status: 'ok', records: ['192.0.2.1'] });
    expect(server?.asked).toBe(2);
  });

  test('BADVERS, which only EDNS can say, is heard', async () => {
    const badVersion = (query: Query): Buffer[] => [
      packet.encode({
        type: 'response',
        id: query.packet.id ?? 0,
        questions: query.packet.questions ?? [],
        additionals: [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: 1232,
            extendedRcode: 1,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ],
      }),
    ];
    const resolver = await resolverFor((_type, name, _checked, { edns }) =>
      edns ? { bytes: badVersion } : { answers: [A(name)] },
    );
    expect(await resolver.a('a.example')).toMatchObject({ status: 'ok' });
  });

  test('a silent server is asked as often as it may, and the second answer counts', async () => {
    let asked = 0;
    const resolver = await resolverFor(
      (_type, name) => {
        asked += 1;
        return asked === 1 ? { silence: true } : { answers: [A(name)] };
      },
      300,
      2,
    );
    expect(await resolver.a('a.example')).toMatchObject({ status: 'ok' });
    expect(asked).toBe(2);
  });

  test('nobody there is a refusal', async () => {
    const resolver = await resolverFor(() => ({ answers: [] }));
    await server?.close();
    server = undefined;
    expect(await resolver.a('a.example')).toEqual({ status: 'refused', records: [] });
  });

  // A documentation address (RFC 3849), to which there is no route; where there is one nobody answers.
  test('a server in a network without a route is a refusal', async () => {
    const resolver = createResolver({ server: '[2001:db8::53]:53', timeoutMs: 200, tries: 1 });
    expect(['refused', 'timeout']).toContain((await resolver.a('a.example')).status);
    const broadcast = createResolver({ server: '255.255.255.255', timeoutMs: 200, tries: 1 });
    expect(await broadcast.a('a.example')).toEqual({ status: 'refused', records: [] });
  });

  test('many at once: questions alike are one, and the rest wait for sockets', async () => {
    const resolver = await resolverFor((_type, name) => ({ answers: [A(name)], delayMs: 50 }), 5000);
    const same = await Promise.all(Array.from({ length: 500 }, () => resolver.a('same.example')));
    expect(same.every(({ status }) => status === 'ok')).toBe(true);
    expect(server?.asked).toBe(1);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, udpSockets());
    }, 5);
    const others = await Promise.all(Array.from({ length: 1000 }, (_, at) => resolver.a(`host${at}.example`)));
    clearInterval(watch);
    expect(others.every(({ status }) => status === 'ok')).toBe(true);
    expect(most).toBeGreaterThan(10);
    // The server's own socket is one of them.
    expect(most).toBeLessThanOrEqual(257);
    await expect.poll(udpSockets).toBe(1);
  });
});

/** UDP sockets of this process, the test server's among them. */
function udpSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length;
}

describe('hostile servers', () => {
  // Each sends a forged reply first. What is not the answer must neither be believed nor end the wait.
  const forged: Record<string, (query: Query, name: string) => Buffer> = {
    'another id, with AD': (query, name) =>
      spoiled(query, name, (bytes) => {
        bytes.writeUInt16BE((bytes.readUInt16BE(0) + 1) & 0xffff, 0);
        return bytes;
      }),
    'a question, not an answer': (query, name) =>
      spoiled(query, name, (bytes) => {
        bytes.writeUInt8(bytes.readUInt8(2) & 0x7f, 2);
        return bytes;
      }),
    'another name': (query) =>
      replyTo(
        { ...query, packet: { ...query.packet, questions: [{ type: 'A', name: 'else.example' }] } },
        { answers: [A('else.example', '203.0.113.66')] },
      ),
    'another type': (query, name) =>
      replyTo(
        { ...query, packet: { ...query.packet, questions: [{ type: 'AAAA', name }] } },
        { answers: [A(name, '203.0.113.66')] },
      ),
    'another class': (query, name) =>
      replyTo(
        { ...query, packet: { ...query.packet, questions: [{ type: 'A', name, class: 'CH' }] } },
        { answers: [A(name, '203.0.113.66')] },
      ),
    'no question': (query, name) =>
      replyTo({ ...query, packet: { ...query.packet, questions: [] } }, { answers: [A(name, '203.0.113.66')] }),
    'half a message': (query, name) => spoiled(query, name, (bytes) => bytes.subarray(0, bytes.length - 3)),
    'a header only': (query, name) => spoiled(query, name, (bytes) => bytes.subarray(0, 12)),
    'counts that lie': (query, name) =>
      spoiled(query, name, (bytes) => {
        bytes.writeUInt16BE(65_535, 6);
        return bytes;
      }),
    'a name that points to itself': (query, name) =>
      spoiled(query, name, (bytes) => Buffer.concat([bytes.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])])),
    noise: () => Buffer.alloc(600, 0xff),
    nothing: () => Buffer.alloc(0),
  };
  test.each(Object.keys(forged))('%s is passed over', async (kind) => {
    const forge = forged[kind];
    const resolver = await resolverFor((_type, name, _checked, query) => ({
      bytes: () => [forge?.(query, name) ?? Buffer.alloc(0), replyTo(query, { answers: [A(name)] })],
    }));
    expect(await resolver.a('a.example')).toEqual({ status: 'ok', records: ['192.0.2.1'], secure: false });
  });

  test('an answer from another address is not heard', async () => {
    const stranger = createSocket('udp4');
    let asker: number | undefined;
    const silent = createSocket('udp4', (query, peer) => {
      asker = peer.port;
      // Everything about it is right but where it comes from.
      const forgery = replyTo(
        { via: 'udp', edns: true, checked: true, packet: packet.decode(query) },
        { answers: [A('a.example', '203.0.113.66')] },
      );
      stranger.send(forgery, peer.port, peer.address);
    });
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const resolver = createResolver({ server: `127.0.0.1:${silent.address().port}`, timeoutMs: 150, tries: 1 });
    expect(await resolver.a('a.example')).toEqual({ status: 'timeout', records: [] });
    expect(asker).toBeDefined();
    stranger.close();
    silent.close();
  });

  test('thousands of records are read over TCP and 20 kept', async () => {
    const resolver = await resolverFor((_type, name) => ({
      // As many as fit: dns-packet does not compress names.
      answers: Array.from({ length: 2600 }, (_, at) => A(name, `192.0.${at >> 8}.${at & 255}`)),
      truncated: true,
    }));
    const { status, records } = await resolver.a('a.example');
    expect([status, records.length]).toEqual(['ok', 20]);
  });

  const streams: Record<string, [(query: Query) => Buffer[], status: string]> = {
    'a length and no more': [() => [Buffer.from([0xff, 0xff])], 'timeout'],
    'half a length': [() => [Buffer.from([0])], 'timeout'],
    'an empty message': [() => [Buffer.from([0, 0])], 'invalid'],
    'a message of another id': [
      (query) => [
        framed(spoiled(query, 'a.example', (bytes) => Buffer.concat([Buffer.from([0, 1]), bytes.subarray(2)]))),
      ],
      'invalid',
    ],
    noise: [() => [Buffer.alloc(70_000, 0x7f)], 'invalid'],
    'the answer byte by byte': [
      (query) => [...framed(replyTo(query, { answers: [A('a.example')] }))].map((byte) => Buffer.from([byte])),
      'ok',
    ],
  };
  test.each(Object.keys(streams))('over TCP: %s', async (kind) => {
    const [chunks, status] = streams[kind] ?? [() => [], ''];
    const resolver = await resolverFor((_type, _name, _checked, query) =>
      query.via === 'udp'
        ? { answers: [], truncated: true }
        : {
            stream: (socket) => {
              const parts = chunks(query);
              const next = (): void => {
                const part = parts.shift();
                if (part === undefined || socket.destroyed) return;
                socket.write(part, () => setImmediate(next));
              };
              next();
            },
          },
    );
    expect(await resolver.a('a.example')).toMatchObject({ status });
  });

  test('TCP without end is cut off', async () => {
    let sent = 0;
    const resolver = await resolverFor((_type, _name, _checked, { via }) =>
      via === 'udp'
        ? { answers: [], truncated: true }
        : {
            stream: (socket) => {
              const pour = (): void => {
                if (socket.destroyed) return;
                sent += 65_536;
                socket.write(Buffer.alloc(65_536, 0xff), pour);
              };
              pour();
            },
          },
    );
    expect(await resolver.a('a.example')).toEqual({ status: 'invalid', records: [] });
    await expect.poll(() => server?.connections).toBe(0);
    expect(sent).toBeLessThan(50_000_000);
  });
});

test('no bytes over UDP or TCP make it throw, hang or leave a socket open', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one));
  /** Random bytes behind the right header and question, so that they are read as an answer. */
  const behindQuestion = fc.tuple(fc.nat(0xffff), fc.nat(8), bytes);
  const speech = fc.oneof(bytes, behindQuestion);
  const speeches: (Buffer | [number, number, Buffer])[] = [];
  const resolver = await resolverFor((_type, name, _checked, query) => {
    const spoken = speeches[Number(name.split('.')[0])] ?? Buffer.alloc(0);
    if (Buffer.isBuffer(spoken)) return { bytes: () => [spoken] };
    const [flags, count, rest] = spoken;
    return {
      bytes: () => {
        const reply = Buffer.concat([replyTo(query, { answers: [] }), rest]);
        reply.writeUInt16BE(flags | 0x8000, 2);
        reply.writeUInt16BE(count, 6);
        return [reply];
      },
    };
  }, 40);
  await fc.assert(
    fc.asyncProperty(fc.array(speech, { minLength: 40, maxLength: 60 }), async (said) => {
      speeches.splice(0, speeches.length, ...said);
      const answers = await Promise.all(said.map((_, at) => resolver.mx(`${at}.example`)));
      for (const { status, records } of answers) expect(status === 'ok').toBe(records.length > 0);
    }),
    { numRuns: 12 },
  );
  expect(server?.tcp).toBeGreaterThan(0);
  await expect.poll(udpSockets).toBe(1);
  await expect.poll(() => server?.connections).toBe(0);
});

describe('an abort', () => {
  test('closes the socket at once', async () => {
    const resolver = await resolverFor(() => ({ silence: true }), 10_000);
    await expect.poll(udpSockets).toBe(1);
    const stop = new AbortController();
    const asked = resolver.a('a.example', stop.signal);
    await expect.poll(() => server?.asked).toBe(1);
    expect(udpSockets()).toBe(2);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect.poll(udpSockets).toBe(1);
  });

  test('of one asker does not disturb another who asks the same', async () => {
    const resolver = await resolverFor((_type, name) => ({ answers: [A(name)], delayMs: 80 }), 2000);
    const stop = new AbortController();
    const gone = resolver.a('a.example', stop.signal);
    const stays = resolver.a('a.example');
    stop.abort(new Error('enough'));
    await expect(gone).rejects.toThrow('enough');
    expect(await stays).toMatchObject({ status: 'ok' });
    expect(server?.asked).toBe(1);
  });

  test('does not spoil the next one who asks the same', async () => {
    const resolver = await resolverFor((_type, name) => ({ answers: [A(name)], delayMs: 30 }), 2000);
    const stop = new AbortController();
    const gone = resolver.a('a.example', stop.signal);
    stop.abort(new Error('enough'));
    const next = resolver.a('a.example');
    await expect(gone).rejects.toThrow('enough');
    expect(await next).toMatchObject({ status: 'ok' });
  });
});
