import packet, { type Answer } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/read-message.ts';
import { readName } from '../../src/dns/read-name.ts';

const label = fc.stringMatching(/^[a-z0-9_][a-z0-9-]{0,20}$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
const record: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ type: fc.constant('A' as const), name: hostName, data: fc.ipV4() }),
  fc.record({ type: fc.constantFrom('CNAME' as const, 'PTR' as const), name: hostName, data: hostName }),
  fc.record({
    type: fc.constant('MX' as const),
    name: hostName,
    data: fc.record({ preference: fc.nat(65_535), exchange: hostName }),
  }),
  fc.record({
    type: fc.constant('TXT' as const),
    name: hostName,
    data: fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 255 }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant('TLSA' as const),
    name: hostName,
    data: fc.record({
      usage: fc.nat(255),
      selector: fc.nat(255),
      matchingType: fc.nat(255),
      certificate: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    }),
  }),
);
const message = fc.record({ name: hostName, answers: fc.array(record, { maxLength: 8 }), flags: fc.nat(0x7fff) });

function encodeMessage({ name, answers, flags }: { name: string; answers: Answer[]; flags: number }): Buffer {
  return packet.encode({ type: 'response', id: 7, flags, questions: [{ type: 'MX', name }], answers });
}

/** What the reader should make of a record that dns-packet wrote. */
function expected({ type, name, data }: Answer & { data?: unknown }): object {
  if (type === 'TXT') return { type, name, data: (data as string[]).join('') };
  if (type === 'MX') {
    const { exchange, preference } = data as { exchange: string; preference: number };
    return { type, name, data: { host: exchange, preference } };
  }
  if (type !== 'TLSA') return { type, name, data };
  const { certificate, ...numbers } = data as { certificate: Buffer };
  return { type, name, data: { ...numbers, data: certificate.toString('hex') } };
}

describe('readMessage', () => {
  test('reads what dns-packet writes', () => {
    fc.assert(
      fc.property(message, (written) => {
        const read = readMessage(encodeMessage(written));
        expect(read).toMatchObject({
          id: 7,
          response: true,
          rcode: written.flags & 15,
          truncated: (written.flags & 0x200) !== 0,
          authentic: (written.flags & 0x20) !== 0,
          question: { name: written.name, type: 15, class: 1 },
          malformed: 0,
        });
        expect(read?.answers).toEqual(written.answers.map(expected));
      }),
    );
  });

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => {
        readMessage(Buffer.from(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  test('nor does a message with some bytes changed, or cut anywhere', () => {
    const changes = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(message, changes, fc.nat(2000), (written, spots, cut) => {
        const bytes = encodeMessage(written);
        for (const [at, value] of spots) bytes[at % bytes.length] = value;
        const read = readMessage(bytes);
        expect(read === undefined || read.answers.length <= bytes.length / 11).toBe(true);
        const shorter = readMessage(encodeMessage({ ...written, flags: 0 }).subarray(0, cut));
        expect(shorter === undefined || shorter.answers.length <= written.answers.length).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('records of other types and classes are left out, and one that is malformed does not spoil the rest', () => {
    const bytes = packet.encode({
      type: 'response',
      questions: [{ type: 'A', name: 'a.example' }],
      answers: [
        { type: 'HINFO', name: 'a.example', data: { cpu: 'x', os: 'y' } },
        { type: 'A', name: 'a.example', class: 'CH', data: '192.0.2.9' },
        { type: 'A', name: 'a.example', data: '192.0.2.1' },
        { type: 'NULL', name: 'a.example', data: Buffer.from('short') },
      ],
    });
    // The last is made an A record of five bytes.
    bytes.writeUInt16BE(1, bytes.length - 'short'.length - 10);
    const read = readMessage(bytes);
    expect(read?.answers).toEqual([{ type: 'A', name: 'a.example', data: '192.0.2.1' }]);
    expect(read?.malformed).toBe(1);
  });

  test('the upper bits of the code come from EDNS', () => {
    const opt = { udpPayloadSize: 512, extendedRcode: 1, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
    const questions = [{ type: 'A' as const, name: 'a.example' }];
    const bytes = packet.encode({ type: 'response', questions, additionals: [{ type: 'OPT', name: '.', ...opt }] });
    expect(readMessage(bytes)?.rcode).toBe(16);
  });

  // dns-packet makes 196,605 records of these 43 bytes.
  test('counts that lie about a string that is not there cost nothing', () => {
    const bytes = encodeMessage({
      name: 'a.example',
      answers: [{ type: 'TXT', name: 'a.example', data: ['x'] }],
      flags: 0,
    });
    for (const at of [6, 8, 10]) bytes.writeUInt16BE(65_535, at);
    expect(readMessage(bytes)).toBeUndefined();
    expect(readMessage(bytes.subarray(0, -2))).toBeUndefined();
  });

  test('the longest names in the longest message are read in no time', () => {
    // A name of 127 labels, then records that each point to it.
    const name = Buffer.concat([...Array.from({ length: 126 }, () => Buffer.from([1, 0x61])), Buffer.from([0])]);
    const question = Buffer.concat([name, Buffer.from([0, 1, 0, 1])]);
    const record = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12]);
    const count = Math.floor((65_535 - 12 - question.length) / record.length);
    const header = Buffer.alloc(12);
    header.writeUInt16BE(0x8000, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(count, 6);
    const bytes = Buffer.concat([header, question, ...Array.from({ length: count }, () => record)]);
    const began = performance.now();
    expect(readMessage(bytes)?.answers).toHaveLength(500);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('readName', () => {
  test.each<[name: string, bytes: number[], at: number, expected: object | undefined]>([
    ['the root', [0], 0, { name: '', end: 1 }],
    ['a pointer back', [1, 0x61, 0, 1, 0x62, 0xc0, 0], 3, { name: 'b.a', end: 7 }],
    ['a dot inside a label', [3, 0x61, 0x2e, 0x62, 0], 0, { name: 'a\\.b', end: 5 }],
    ['a pointer to itself', [0xc0, 0], 0, undefined],
    ['a pointer forward', [0xc0, 2, 1, 0x61, 0], 0, undefined],
    ['two pointers in a circle', [0xc0, 2, 0xc0, 0], 2, undefined],
    ['a pointer into the same name', [1, 0x61, 0xc0, 0], 0, undefined],
    ['half a pointer', [0xc0], 0, undefined],
    ['a label that is not all there', [5, 0x61], 0, undefined],
    ['no end', [1, 0x61], 0, undefined],
    ['a reserved label type', [0x41, 0x61, 0], 0, undefined],
    ['an offset behind the message', [0], 5, undefined],
  ])('%s', (_, bytes, at, expected) => {
    expect(readName(Buffer.from(bytes), at)).toEqual(expected);
  });

  test('a name may have 255 bytes and no more', () => {
    const labels = (count: number): Buffer =>
      Buffer.concat([...Array.from({ length: count }, () => Buffer.from([1, 0x61])), Buffer.from([0])]);
    expect(readName(labels(127), 0)?.name).toHaveLength(253);
    expect(readName(labels(128), 0)).toBeUndefined();
  });

  test('a chain of pointers is followed sixteen steps', () => {
    const chain = (steps: number): Buffer => {
      const bytes = [1, 0x61, 0];
      for (let step = 0; step < steps; step += 1) bytes.push(0xc0, step === 0 ? 0 : 3 + 2 * (step - 1));
      return Buffer.from(bytes);
    };
    expect(readName(chain(16), 3 + 2 * 15)).toEqual({ name: 'a', end: 35 });
    expect(readName(chain(17), 3 + 2 * 16)).toBeUndefined();
  });
});
