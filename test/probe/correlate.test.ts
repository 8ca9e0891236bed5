import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProbeAttempt } from '../../src/probe/report.ts';
import { correlate, suspect } from '../../src/probe/verdict/correlate.ts';
import { combinations, fisherExact } from '../../src/probe/verdict/fisher.ts';
import { madeAttempt } from './made-attempts.ts';

describe('fisherExact', () => {
  // R: fisher.test(matrix(c(a, c, b, d), 2))$p.value
  test.each<[Parameters<typeof fisherExact>[0], number]>([
    [
      [
        [3, 1],
        [1, 3],
      ],
      0.485714,
    ], // Fisher's lady tasting tea
    [
      [
        [4, 0],
        [0, 6],
      ],
      1 / 210,
    ],
    [
      [
        [5, 0],
        [0, 5],
      ],
      2 / 252,
    ],
    [
      [
        [3, 0],
        [0, 3],
      ],
      0.1,
    ],
    [
      [
        [10, 2],
        [3, 15],
      ],
      0.0005367,
    ],
    [
      [
        [0, 5],
        [0, 5],
      ],
      1,
    ],
    [
      [
        [400, 0],
        [0, 400],
      ],
      0,
    ],
  ])('%j', (table, chance) => {
    expect(fisherExact(table)).toBeCloseTo(chance, 6);
  });

  test('is a probability, whichever way the table is turned', () => {
    const count = fc.nat({ max: 60 });
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const chance = fisherExact([
          [a, b],
          [c, d],
        ]);
        expect(chance).toBeGreaterThan(0);
        expect(chance).toBeLessThanOrEqual(1);
        expect(
          fisherExact([
            [c, d],
            [a, b],
          ]),
        ).toBeCloseTo(chance, 9);
        expect(
          fisherExact([
            [b, a],
            [d, c],
          ]),
        ).toBeCloseTo(chance, 9);
      }),
    );
  });

  test('combinations', () => {
    expect([combinations(5, 0), combinations(5, 2), combinations(20, 10)]).toEqual([1, 10, 184_756]);
  });
});

interface Row {
  times: number;
  bad?: 'failed' | 'degraded';
  ip?: string;
  name?: string | null;
  tls?: string;
  cipher?: string;
  sha256?: string;
}

/** So many attempts that look alike. */
function rows(...specs: Row[]): ProbeAttempt[] {
  return specs.flatMap(
    ({ times, bad, ip = '203.0.113.1', name = 'mx.example', tls = 'TLSv1.3', cipher = 'A', sha256 }) =>
      Array.from({ length: times }, () => {
        const plain = madeAttempt();
        return madeAttempt({
          ip,
          verdict: bad ?? 'ok',
          errorType: bad === undefined ? null : 'ConnectionLost',
          cause: bad === undefined ? null : 'reset',
          banner: name === null ? null : { text: name, serverName: name },
          tls: { ...plain.tls, protocol: tls, cipher },
          certificate:
            sha256 === undefined
              ? null
              : {
                  subject: 'CN=mx',
                  issuer: 'CN=ca',
                  altNames: [],
                  validFrom: '',
                  validTo: '',
                  chain: [{ subject: 'CN=mx', issuer: 'CN=ca', validTo: '', sha256, bits: 2048 }],
                },
        });
      }),
  );
}

/** Ten rounds of a host with an IPv6 address, on a machine without IPv6. */
const noIpv6 = [
  ...rows({ times: 10 }),
  ...rows({ times: 10, bad: 'failed', ip: '2001:db8::1' }).map((attempt) => ({ ...attempt, cause: 'unreachable' })),
];

describe('correlate', () => {
  test('seed 002: the front ends of one build fail', () => {
    const found = correlate(
      rows(
        { times: 3, name: 'ft010.contoso.example' },
        { times: 3, name: 'ft011.contoso.example' },
        { times: 4, bad: 'failed', name: 'ft013.contoso.example' },
      ),
    );
    expect(found).toEqual({
      what: 'server name',
      value: 'ft013.contoso.example',
      failed: 4,
      of: 4,
      words:
        'All 4 failures of 10 came from ft013.contoso.example; the other server names never failed (chance of that by accident 1.4 %).',
    });
  });

  test.each<[name: string, attempts: ProbeAttempt[], what: string, value: string]>([
    ['an address', rows({ times: 5, bad: 'failed', ip: '203.0.113.2' }, { times: 5 }), 'address', '203.0.113.2'],
    ['a TLS version', rows({ times: 4, bad: 'failed', tls: 'TLSv1' }, { times: 6 }), 'TLS version', 'TLSv1'],
    ['a cipher', rows({ times: 4, bad: 'failed', cipher: 'RC4-SHA' }, { times: 6 }), 'cipher', 'RC4-SHA'],
    [
      'a certificate of the same name',
      rows({ times: 4, bad: 'degraded', sha256: 'AB:CD' }, { times: 6, sha256: 'EF:01' }),
      'certificate',
      'CN=mx (ABCD)',
    ],
    [
      'the plainer of two that say the same',
      rows({ times: 5, bad: 'failed', ip: '203.0.113.2', name: 'b' }, { times: 5 }),
      'address',
      '203.0.113.2',
    ],
    [
      'the sharper of two',
      rows({ times: 4, bad: 'failed', ip: '203.0.113.2', name: 'bad' }, { times: 2, ip: '203.0.113.2' }, { times: 6 }),
      'server name',
      'bad',
    ],
    [
      'two front ends of several',
      rows(
        { times: 4, bad: 'failed', name: 'x' },
        { times: 4, bad: 'failed', name: 'y' },
        { times: 4, name: 'p' },
        { times: 4, name: 'q' },
      ),
      'server name',
      'x, y',
    ],
  ])('names %s', (_, attempts, what, value) => {
    expect(correlate(attempts)).toMatchObject({ what, value });
  });

  test('a value that fails only sometimes is said to', () => {
    const found = correlate(rows({ times: 5, bad: 'failed', name: 'b' }, { times: 1, name: 'b' }, { times: 6 }));
    expect(found).toMatchObject({ value: 'b', failed: 5, of: 6 });
    expect(found?.words).toMatch(
      /^All 5 failures of 12 came from b, where 5 of 6 attempts failed; the other server name /,
    );
  });

  test.each<[name: string, attempts: ProbeAttempt[]]>([
    ['nothing failed', rows({ times: 5 }, { times: 5, name: 'b' })],
    ['everything failed', rows({ times: 5, bad: 'failed' }, { times: 5, bad: 'failed', name: 'b' })],
    ['there is one of everything', rows({ times: 5, bad: 'failed' }, { times: 5 })],
    ['too few were made', rows({ times: 2, bad: 'failed', name: 'b' }, { times: 2 })],
    ['it could be an accident', rows({ times: 1, bad: 'failed', name: 'b' }, { times: 9 })],
    [
      'failures are on both sides',
      rows({ times: 4, bad: 'failed', name: 'b' }, { times: 1, bad: 'failed' }, { times: 5 }),
    ],
    [
      'each attempt met another server',
      rows(
        ...Array.from(
          { length: 10 },
          (_, at): Row => ({ times: 1, name: `s${at}`, ...(at < 4 ? { bad: 'failed' } : {}) }),
        ),
      ),
    ],
    ['IPv6 cannot be tried from here', noIpv6],
    [
      'some failures have no value',
      rows({ times: 3, bad: 'failed', name: 'b' }, { times: 1, bad: 'failed', name: null }, { times: 8 }),
    ],
  ])('says nothing where %s', (_, attempts) => {
    expect(correlate(attempts)).toBeNull();
  });

  test('a clean split of too few is a suspicion, and says what would settle it', () => {
    const few = rows({ times: 3, bad: 'failed', name: 'b' }, { times: 3 });
    expect(correlate(few)).toBeNull();
    expect(suspect(few)).toBe(
      'All 3 failures came from b, which may be an accident (10.0 %): repeat it more often to be sure.',
    );
    expect(suspect(rows({ times: 1, bad: 'failed', name: 'b' }, { times: 1 }))).toBeUndefined();
    expect(suspect(rows({ times: 5, bad: 'failed', name: 'b' }, { times: 5 }))).toBeUndefined();
    expect(suspect(rows({ times: 5 }))).toBeUndefined();
  });

  test('is rarely fooled: random failures over three names', () => {
    let told = 0;
    let seed = 42;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let run = 0; run < 2000; run += 1) {
      const attempts = Array.from({ length: 12 }, () => {
        const name = `s${Math.floor(random() * 3)}`;
        return rows({ times: 1, name, ...(random() < 0.3 ? { bad: 'failed' as const } : {}) });
      });
      if (correlate(attempts.flat()) !== null) told += 1;
    }
    expect(told / 2000).toBeLessThan(0.05);
  });
});
