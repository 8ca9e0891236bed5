import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectorTries, ValueTries } from '../../../src/analysis/trace/attempts.ts';
import { Attempts } from '../../../src/analysis/trace/attempts.ts';
import { associationOf } from '../../../src/analysis/trace/chi-square.ts';
import { decideConcentration } from '../../../src/analysis/trace/concentration.ts';
import { compareEvents, eventKind, isInternalSend } from '../../../src/analysis/trace/event.ts';
import { LatencySketch } from '../../../src/analysis/trace/latency-sketch.ts';
import { NameCounts } from '../../../src/analysis/trace/name-counts.ts';
import { SampledMap } from '../../../src/analysis/trace/sampled-map.ts';

describe('association', () => {
  test.each([
    // Textbook 2 x 2: chi-square 10.0 with one degree of freedom, p = 0.0016.
    [
      [
        { attempts: 20, failures: 15 },
        { attempts: 20, failures: 5 },
      ],
      0.0016,
    ],
    // Three groups: chi-square 5.84 with two degrees of freedom, p = 0.0539.
    [
      [
        { attempts: 100, failures: 50 },
        { attempts: 100, failures: 60 },
        { attempts: 100, failures: 43 },
      ],
      0.0539,
    ],
    [
      [
        { attempts: 1000, failures: 500 },
        { attempts: 1000, failures: 500 },
      ],
      1,
    ],
  ])('%o', (values, chance) => {
    const ratio = associationOf(values).chance / chance;
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });

  test('one attempt a value separates every table and so tells nothing', () => {
    const values = Array.from({ length: 500 }, (_, at) => ({ attempts: 1, failures: at % 3 === 0 ? 1 : 0 }));
    expect(associationOf(values).strength).toBeLessThan(0.01);
    expect(associationOf(values).chance).toBeGreaterThan(0.4);
  });

  test('a clean separation is as strong as can be', () => {
    const { strength, chance } = associationOf([
      { attempts: 30, failures: 30 },
      { attempts: 30, failures: 0 },
    ]);
    expect(strength).toBeGreaterThan(0.97);
    expect(chance).toBeLessThan(1e-6);
  });
});

describe('concentration', () => {
  const tries = (values: Partial<ConnectorTries['values']>, connector = 'Outbound'): ConnectorTries => {
    const [list = []] = Object.values(values);
    const attempts = list.reduce((sum, value) => sum + value.attempts, 0);
    const failures = list.reduce((sum, value) => sum + value.failures, 0);
    return { connector, attempts, failures, values: { sendingServer: [], sourceSubnet: [], targetIp: [], ...values } };
  };
  const value = (name: string, attempts: number, failures: number): ValueTries => ({ value: name, attempts, failures });

  test('one bad node of a target with several addresses', () => {
    const targetIp = [value('203.0.113.1', 40, 36), value('203.0.113.2', 40, 1), value('203.0.113.3', 40, 0)];
    expect(decideConcentration([tries({ targetIp })])).toMatchObject({
      dimension: 'targetIp',
      value: '203.0.113.1',
      share: 0.973,
      verdict: expect.stringContaining(
        '36 of 37 failures came from 1 of 3 target addresses, where 36 of 40 attempts failed',
      ),
    });
  });

  test('one connector fails, another works', () => {
    const bad = tries({ sendingServer: [value('a', 15, 15)] }, 'Bad');
    const good = tries({ sendingServer: [value('b', 25, 0)] }, 'Good');
    expect(decideConcentration([bad, good])).toMatchObject({ dimension: 'connector', value: 'Bad', share: 1 });
  });

  test('failures everywhere are spread', () => {
    const sendingServer = Array.from({ length: 12 }, (_, at) => value(`s${at}`, 40, 9 + (at % 3)));
    expect(decideConcentration([tries({ sendingServer })])).toMatchObject({ verdict: 'spread' });
  });

  test.each([
    ['too few attempts', [value('a', 3, 3), value('b', 3, 0)]],
    ['too few failures', [value('a', 30, 2), value('b', 30, 0)]],
    ['nothing ever worked', [value('a', 30, 30), value('b', 30, 30)]],
    ['nothing', []],
  ])('%s: no answer', (_, sendingServer) => expect(decideConcentration([tries({ sendingServer })])).toBeNull());

  test('of two equally clean dimensions the one with fewer values explains more', () => {
    const sendingServer = Array.from({ length: 20 }, (_, at) => value(`s${at}`, 5, at < 10 ? 5 : 0));
    const sourceSubnet = [value('198.51.100.0/24', 50, 50), value('203.0.113.0/24', 50, 0)];
    expect(decideConcentration([tries({ sendingServer, sourceSubnet })])?.dimension).toBe('sourceSubnet');
  });
});

describe('bounded maps', () => {
  test('the sample is the same in any order and in any parts, and its counts are exact', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 300 }).map(String), { maxLength: 600 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 0, max: 600 }), (list, cut) => {
        const whole = count(list);
        expect(
          count([...list].reverse())
            .entries()
            .sort(),
        ).toEqual(whole.entries().sort());
        const [first, second] = [count(list.slice(0, cut)), count(list.slice(cut))];
        const rest = second.entries();
        first.lower(second.highest);
        for (const [key, { count: more }] of rest) {
          const held = first.at(key, () => ({ count: 0 }));
          if (held) held.count += more;
        }
        expect(first.entries().sort()).toEqual(whole.entries().sort());
        for (const [key, held] of whole.entries()) expect(held.count).toBe(list.filter((one) => one === key).length);
        expect(whole.entries().length).toBeLessThanOrEqual(20);
      }),
    );
  });

  function count(keys: readonly string[]): SampledMap<{ count: number }> {
    const map = new SampledMap<{ count: number }>(20);
    for (const key of keys) {
      const held = map.at(key, () => ({ count: 0 }));
      if (held) held.count++;
    }
    return map;
  }

  test('names are listed most frequent first, then by name', () => {
    const names = new NameCounts();
    for (const name of ['b', 'a', 'c', 'c', '']) names.add(name);
    expect(names.top(2)).toEqual([
      { name: 'c', count: 2 },
      { name: 'a', count: 1 },
    ]);
  });

  test('a million servers do not fill the memory', () => {
    const attempts = new Attempts();
    for (let at = 0; at < 50_000; at++)
      attempts.add('Outbound', `server${at}`, '198.51.100.7', '203.0.113.1', at % 2 === 0);
    const [report] = attempts.report();
    expect(report).toMatchObject({ attempts: 50_000, failures: 25_000 });
    expect(report?.values.sendingServer.length).toBeLessThanOrEqual(2000);
    expect(report?.values.targetIp).toEqual([{ value: '203.0.113.1', attempts: 50_000, failures: 25_000 }]);
  });
});

describe('latency', () => {
  test('quantiles are at most two in a hundred off, the largest is exact, parts add up', () => {
    const seconds = fc.integer({ min: 2, max: 9_000_000 }).map((ms) => ms / 1000);
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.95), (values, share) => {
        const [whole, first, second] = [new LatencySketch(), new LatencySketch(), new LatencySketch()];
        values.forEach((value, at) => {
          whole.add(value);
          (at % 2 === 0 ? first : second).add(value);
        });
        first.merge(second.data());
        const exact = [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;
        expect(Math.abs(whole.quantile(share) - exact)).toBeLessThanOrEqual(exact * 0.02 + 0.001);
        expect(first.quantile(share)).toBe(whole.quantile(share));
        expect(whole.max).toBe(Math.max(...values));
      }),
    );
  });

  test('nonsense is not counted', () => {
    const sketch = new LatencySketch();
    for (const value of [Number.NaN, -1, 1e300]) sketch.add(value);
    expect(sketch.max).toBe(0);
  });
});

describe('events', () => {
  test.each([
    ['SENDEXTERNAL', 'delivery'],
    ['deliver', 'delivery'],
    ['HAREDIRECT', 'noise'],
    ['constructor', 'noise'],
    ['', 'noise'],
  ])('%s is %s', (event, role) => expect(eventKind(event).role).toBe(role));

  test.each([
    ['Intra-Organization SMTP Send Connector', true],
    ['', true],
    ['Internet', false],
  ])('a SEND over %o stays inside: %s', (connector, inside) => expect(isInternalSend(connector)).toBe(inside));

  test('the order is total', () => {
    const event = fc.record({
      ms: fc.integer({ min: 0, max: 4000 }),
      event: fc.constantFrom('RECEIVE', 'SUBMIT', 'AGENTINFO', 'EXPAND', 'SEND', 'DEFER', 'FAIL', 'DROP', 'X'),
      order: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(event, event, event, (a, b, c) => {
        expect(Math.sign(compareEvents(a, b))).toBe(-Math.sign(compareEvents(b, a)) || 0);
        if (compareEvents(a, b) <= 0 && compareEvents(b, c) <= 0) expect(compareEvents(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
