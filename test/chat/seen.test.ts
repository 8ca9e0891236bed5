import { describe, expect, it } from 'vitest';
import { createSeen } from '../../src/chat/seen.ts';

describe('createSeen', () => {
  it('knows a key until its time is over', () => {
    let now = 0;
    const seen = createSeen({ ttlMs: 100, max: 10, now: () => now });
    expect([seen.first('a'), seen.first('a')]).toEqual([true, false]);
    now = 99;
    expect(seen.first('a')).toBe(false);
    now = 100;
    expect(seen.first('a')).toBe(true);
  });

  it('never holds more than its bound and forgets the oldest first', () => {
    const seen = createSeen({ ttlMs: 1e9, max: 3, now: () => 0 });
    for (const key of ['a', 'b', 'c', 'd']) seen.first(key);
    expect([seen.first('d'), seen.first('a')]).toEqual([false, true]);
  });
});
