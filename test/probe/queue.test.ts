import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProbeProgress } from '../../src/probe/progress.ts';
import { createQueue } from '../../src/probe/queue.ts';
import { mailServer, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { requestFor, testConfig, testProber } from './harness.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function held() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end: () => end() };
}

test('runs so many at a time and the others in turn, and says how many stand before each', async () => {
  const queue = createQueue(2);
  const order: string[] = [];
  const heard: Record<string, number[]> = { c: [], d: [], e: [] };
  const jobs = ['a', 'b', 'c', 'd', 'e'].map((name) => {
    const job = held();
    const work = async (): Promise<string> => {
      order.push(name);
      await job.work();
      return name;
    };
    return { ...job, done: queue.run(work, { signal: never, onWait: (before) => heard[name]?.push(before) }) };
  });
  expect(order).toEqual(['a', 'b']);
  for (const job of jobs) {
    job.end();
    await job.done;
  }
  expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(heard).toEqual({ c: [0], d: [1, 0], e: [2, 1, 0] });
});

test('whoever leaves the line makes the others move up, and never runs', async () => {
  const queue = createQueue(1);
  const first = held();
  const running = queue.run(first.work, { signal: never });
  const leaver = new AbortController();
  const heard: number[] = [];
  let ran = false;
  const left = queue.run(
    async () => {
      ran = true;
    },
    { signal: leaver.signal },
  );
  const last = queue.run(async () => 'last', { signal: never, onWait: (before) => heard.push(before) });
  leaver.abort(new Error('had enough'));
  await expect(left).rejects.toThrow('had enough');
  expect(heard).toEqual([1, 0]);
  first.end();
  expect(await last).toBe('last');
  await running;
  expect(ran).toBe(false);
});

test('work that fails gives its place on', async () => {
  const queue = createQueue(1);
  const failing = queue.run(() => Promise.reject(new Error('broken')), { signal: never });
  const next = queue.run(async () => 'next', { signal: never });
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('next');
  expect(await queue.run(async () => 'free again', { signal: never })).toBe('free again');
});

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer(mailServer());
});
afterAll(() => server.close());

test('a busy prober says what it waits for, and a probe in the line can be cancelled', async () => {
  const silent = await startScriptedServer(() => undefined);
  const prober = testProber({ config: testConfig({ concurrency: 1, stageTimeoutS: 0.4 }) });
  const request = (port: number) => requestFor(port, { tls: 'off', depth: 'connect' });
  const running = prober.probe(request(silent.port), { signal: never });
  const cancel = new AbortController();
  const cancelled = prober.probe(request(server.port), { signal: cancel.signal });
  const seen: ProbeProgress[] = [];
  const waiting = prober.probe(request(server.port), { signal: never, onProgress: (progress) => seen.push(progress) });
  // The rate limit is asked before the line is joined.
  await new Promise((resolve) => setImmediate(resolve));
  cancel.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
  expect((await waiting).verdict).toBe('ok');
  expect((await running).errorType).toBe('ProbeTimeout');
  expect(seen.map((progress) => progress.waiting).filter(Boolean)).toEqual([
    'queued: 1 before you',
    'queued: next in line',
  ]);
  expect(seen.at(-1)?.waiting).toBeUndefined();
  // One connection for the one probe that was left.
  expect(server.accepted).toBe(1);
  await silent.close();
});

test('a listener that throws costs its own probe and nobody else a turn', async () => {
  const queue = createQueue(1);
  const first = held();
  const running = queue.run(first.work, { signal: never });
  let heard = 0;
  const fragile = (): void => {
    heard += 1;
    if (heard === 2) throw new Error('cannot draw');
  };
  const one = queue.run(async () => 'one', { signal: never });
  const two = queue.run(async () => 'two', { signal: never, onWait: fragile });
  const three = queue.run(async () => 'three', {
    signal: never,
    onWait: () => {
      throw new Error('cannot draw either');
    },
  });
  const settled = Promise.allSettled([running, one, two, three]);
  first.end();
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(await queue.run(async () => 'after', { signal: never })).toBe('after');
});
