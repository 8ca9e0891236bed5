import { describe, expect, test } from 'vitest';
import { askTogether, withTimeLimit } from '../../src/dns/deadline.ts';
import type { DnsAnswer } from '../../src/dns/resolver.ts';
import { zoneResolver } from '../probe/harness.ts';

const never = (_: string, signal?: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
const idle = new AbortController().signal;

describe('withTimeLimit', () => {
  test('keeps what was answered and calls the rest silent, also what is asked afterwards', async () => {
    const resolver = { ...zoneResolver({ a: { 'a.example': ['192.0.2.1'] } }), mx: never };
    const answers = await withTimeLimit(resolver, 30, idle, async (limited) => [
      await limited.a('a.example'),
      await limited.mx('a.example'),
      await limited.a('a.example'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['ok', 'timeout', 'timeout']);
  });

  test('rejects with the reason of the one who asked', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 20);
    const resolver = { ...zoneResolver({}), mx: never };
    const asked = withTimeLimit(resolver, 5000, stop.signal, (limited) => limited.mx('a.example'));
    await expect(asked).rejects.toThrow('enough');
    await expect(withTimeLimit(resolver, 5000, stop.signal, (limited) => limited.mx('b.example'))).rejects.toThrow(
      'enough',
    );
  });

  test('ends what nobody has waited for', async () => {
    let left: AbortSignal | undefined;
    const silent = (_: string, signal?: AbortSignal): Promise<never> => {
      left = signal;
      return never(_, signal);
    };
    const resolver = { ...zoneResolver({}), aaaa: silent };
    let late: Promise<{ status: string }> | undefined;
    await withTimeLimit(resolver, 5000, idle, async (limited) => {
      late = limited.aaaa('a.example');
    });
    expect(left?.aborted).toBe(true);
    expect((await late)?.status).toBe('timeout');
  });

  test('does not swallow a bug', async () => {
    const resolver = { ...zoneResolver({}), mx: () => Promise.reject(new TypeError('a bug')) };
    await expect(withTimeLimit(resolver, 5000, idle, (limited) => limited.mx('a.example'))).rejects.toThrow('a bug');
  });
});

describe('askTogether', () => {
  const soon = (status: 'ok' | 'nodata', ms: number): Promise<DnsAnswer<string>> =>
    new Promise((resolve) =>
      setTimeout(() => resolve(status === 'ok' ? { status, records: ['192.0.2.1'] } : { status, records: [] }), ms),
    );
  const statuses = async (...lookups: Parameters<typeof askTogether>[0]): Promise<string[]> =>
    (await askTogether(lookups, 60)).map(({ status }) => status);

  test('waits a little for the others once one has records', async () => {
    expect(await statuses(soon('ok', 0), soon('ok', 10), soon('ok', 2000))).toEqual(['ok', 'ok', 'timeout']);
  });

  test('waits for all as long as none has records', async () => {
    expect(await statuses(soon('nodata', 0), soon('nodata', 10), soon('ok', 150))).toEqual(['nodata', 'nodata', 'ok']);
  });

  test('a failure is the failure of all', async () => {
    const broken = Promise.reject(new Error('a bug'));
    await expect(statuses(soon('ok', 0), broken, soon('ok', 0))).rejects.toThrow('a bug');
  });
});
