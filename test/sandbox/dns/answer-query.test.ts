import { decode, encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerQuery } from '../../../src/sandbox/dns/answer-query.ts';
import { buildZone, type Zone } from '../../../src/sandbox/dns/zone.ts';
import type { ZoneRecord } from '../../../src/sandbox/site.ts';
import { SITES } from '../../../src/sandbox/sites.ts';

const zone = buildZone(SITES, []);

function query(changes: Partial<Packet> = {}): Buffer {
  return encode({ type: 'query', id: 77, questions: [{ type: 'MX', name: 'healthy.sandbox.test' }], ...changes });
}

function patched(changes: Record<number, number>): Buffer {
  const packet = query();
  for (const [at, value] of Object.entries(changes)) packet[Number(at)] = value;
  return packet;
}

/** A zone with one name that has so many addresses that they do not fit a datagram. */
function crowdedZone(): Zone {
  const name = 'many.sandbox.test';
  const addresses = Array.from(
    { length: 60 },
    (_, index): ZoneRecord => ({ name, type: 'A', class: 'IN', ttl: 60, data: `203.0.113.${index}` }),
  );
  return { records: new Map([[name, addresses]]), troubles: new Map() };
}

describe('answerQuery', () => {
  it.each([
    ['dane.sandbox.test', 'MX', true],
    ['_25._tcp.mx1.dane.sandbox.test', 'TLSA', true],
    ['healthy.sandbox.test', 'MX', false],
    ['undane.sandbox.test', 'MX', false],
  ] as const)('vouches with the AD bit for signed domains only: %s %s', (name, type, verified) => {
    const packet = answerQuery(query({ questions: [{ type, name }] }), zone, 'udp') ?? Buffer.alloc(0);
    expect(decode(packet).flag_ad).toBe(verified);
  });

  it('answers with the id and question of the query, with authority', () => {
    const answer = decode(answerQuery(query(), zone, 'udp') ?? Buffer.alloc(0));
    expect(answer).toMatchObject({ id: 77, type: 'response', flag_aa: true, rcode: 'NOERROR' });
    expect(answer.questions).toEqual([{ type: 'MX', class: 'IN', name: 'healthy.sandbox.test' }]);
    expect(answer.answers).toMatchObject([{ data: { preference: 10, exchange: 'mx1.healthy.sandbox.test' } }]);
  });

  it.each([
    ['a response', patched({ 2: 0x80 }), undefined],
    ['less than a header', query().subarray(0, 11), undefined],
    ['nothing', Buffer.alloc(0), undefined],
    ['no question', patched({ 5: 0 }), 1],
    ['65,535 questions', patched({ 4: 0xff, 5: 0xff }), 1],
    ['records that are not there', patched({ 6: 0xff, 7: 0xff }), 1],
    ['a name cut short', query().subarray(0, 20), 1],
    ['a name that points at itself', Buffer.concat([query().subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]), 1],
    ['a notify', patched({ 2: 0x20 }), 4],
    ['an overlong packet', Buffer.concat([query(), Buffer.alloc(2000)]), 1],
  ])('answers %s with the right code', (_name, packet, rcode) => {
    const answer = answerQuery(packet, zone, 'udp');
    expect(answer === undefined ? undefined : (answer[3] ?? 0) & 0x0f).toBe(rcode);
    if (answer !== undefined) {
      expect(answer.readUInt16BE(0)).toBe(packet.readUInt16BE(0));
      expect((answer[2] ?? 0) & 0x80).toBe(0x80);
    }
  });

  it('truncates over UDP what does not fit, and says so; over TCP it is whole', () => {
    const packet = query({ questions: [{ type: 'A', name: 'many.sandbox.test' }] });
    const udp = decode(answerQuery(packet, crowdedZone(), 'udp') ?? Buffer.alloc(0));
    expect([udp.flag_tc, udp.answers]).toEqual([true, []]);
    const tcp = decode(answerQuery(packet, crowdedZone(), 'tcp') ?? Buffer.alloc(0));
    expect([tcp.flag_tc, tcp.answers?.length]).toEqual([false, 60]);
  });

  it('never throws and never sends more than it may, whatever comes', () => {
    const bytes = fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array));
    const nearlyRight = fc.tuple(fc.nat(query().length - 1), fc.nat(255), fc.nat(40)).map(([at, value, cut]) => {
      const packet = query();
      packet[at] = value;
      return packet.subarray(0, Math.max(0, packet.length - (cut > 30 ? cut - 30 : 0)));
    });
    fc.assert(
      fc.property(fc.oneof(bytes, nearlyRight), (packet) => {
        const answer = answerQuery(packet, zone, 'udp');
        if (answer === undefined) return;
        expect(answer.length).toBeGreaterThanOrEqual(12);
        expect(answer.length).toBeLessThanOrEqual(1232);
        expect(answer.readUInt16BE(0)).toBe(packet.readUInt16BE(0));
      }),
      { numRuns: 2000 },
    );
  });
});
