import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createInFlight } from '../../src/chat/in-flight.ts';
import { silentLogger } from '../../src/log.ts';

/** A promise and what resolves it. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = () => resolve();
  });
  return { open, passed };
}

const later = (ms: number): Promise<'later'> => new Promise((resolve) => setTimeout(() => resolve('later'), ms));

describe('work in flight', () => {
  it('lets the acknowledgement leave when what came is kept, and goes on', async () => {
    const inFlight = createInFlight(silentLogger());
    const [store, end] = [gate(), gate()];
    const acknowledged = inFlight.run('command', async (kept) => {
      await store.passed;
      kept();
      await end.passed;
    });
    expect(await Promise.race([acknowledged, later(30)])).toBe('later');
    store.open();
    await acknowledged;
    expect(await inFlight.drain(10)).toBe(false);
    end.open();
    expect(await inFlight.drain(1_000)).toBe(true);
  });

  it('lets it leave when the work ends, whatever became of it', async () => {
    const lines: string[] = [];
    const inFlight = createInFlight(pino({}, { write: (line) => lines.push(line) }));
    await inFlight.run('press', async () => undefined);
    await inFlight.run('press', () => Promise.reject(new Error('a bug')));
    expect(lines.join()).toContain('a bug');
    expect(await inFlight.drain(0)).toBe(true);
  });

  it('lets it leave after a second at the latest: people see an error after three', async () => {
    const inFlight = createInFlight(silentLogger());
    const end = gate();
    const started = performance.now();
    await inFlight.run('command', () => end.passed);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(3_000);
    end.open();
  });

  it('starts one piece a turn, in order', async () => {
    const inFlight = createInFlight(silentLogger());
    const order: string[] = [];
    const all = [1, 2, 3].map((number) => inFlight.run('x', async () => void order.push(`work ${number}`)));
    setImmediate(() => order.push('another turn'));
    await Promise.all(all);
    expect(order).toEqual(['work 1', 'another turn', 'work 2', 'work 3']);
  });
});
