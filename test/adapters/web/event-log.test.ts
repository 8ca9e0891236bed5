import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventLog } from '../../../src/adapters/web/event-log.ts';

const removed = (id: number) => ({ ids: [`m${id}`] });

describe('event log', () => {
  test('gives what came after an id, in order, and nothing after the last', () => {
    const log = createEventLog('s1');
    log.append('removed', removed(1));
    const seen = log.lastId();
    log.append('removed', removed(2));
    log.append('removed', removed(3));
    expect(log.after(seen)?.map((event) => event.data)).toEqual(['{"ids":["m2"]}', '{"ids":["m3"]}']);
    expect(log.after(log.lastId())).toEqual([]);
  });

  test.each(['other-1', 's1-99', 's1-', 's1--1', 's1-1x', '', 's1-9999999999999999999'])(
    'does not know the id %j',
    (id) => {
      const log = createEventLog('s1');
      log.append('removed', removed(1));
      expect(log.after(id)).toBeUndefined();
    },
  );

  test('says so when the events in between are no longer kept', () => {
    const log = createEventLog('s1', 2);
    for (let count = 1; count <= 5; count += 1) log.append('removed', removed(count));
    expect(log.after('s1-2')).toBeUndefined();
    expect(log.after('s1-3')?.map((event) => event.id)).toEqual(['s1-4', 's1-5']);
  });

  test('listeners hear until they stop', () => {
    const log = createEventLog('s1');
    const heard: string[] = [];
    const stop = log.listen((event) => heard.push(event.id));
    log.append('reset', {});
    stop();
    log.append('reset', {});
    expect(heard).toEqual(['s1-1']);
  });

  test('resuming never loses, repeats or reorders an event', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 40 }), (total, seen, capacity) => {
        const log = createEventLog('s', capacity);
        for (let count = 0; count < total; count += 1) log.append('reset', {});
        const missed = log.after(`s-${seen}`);
        if (seen > total || total - seen > capacity) return missed === undefined;
        return (
          missed?.map((event) => event.id).join() ===
          range(seen + 1, total)
            .map((n) => `s-${n}`)
            .join()
        );
      }),
    );
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
