import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { startScriptedServer } from '../support/hostile-smtp-server.ts';
import { requestFor, testConfig, testProber } from './harness.ts';
import { HOSTILE_CASES } from './hostile-cases.ts';

const PARALLEL = 100;
/** Cases that run side by side. */
const SET = 4;
const MAX_GROWTH = 20 * 1024 * 1024;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

/** Bytes that stay in use after everything that can go has gone; what is freed late gets a few more turns. */
async function memoryInUse(enough = Number.POSITIVE_INFINITY): Promise<number> {
  let used = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && (round === 0 || used > enough); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    used = heapUsed + external + arrayBuffers;
  }
  return used;
}

test('hostile servers, a hundred at a time each, leave nothing behind', { timeout: 60_000 }, async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const prober = testProber({ config: testConfig({ stageTimeoutS: 0.5 }) });
  const { signal } = new AbortController();
  // Contexts, code and caches are made once.
  await prober.probe(requestFor(1), { signal });
  const before = await memoryInUse();
  for (let at = 0; at < HOSTILE_CASES.length; at += SET) {
    const set = HOSTILE_CASES.slice(at, at + SET);
    const names = set.map(({ name }) => name).join(', ');
    const servers = await Promise.all(set.map(({ script }) => startScriptedServer(script)));
    const probes = servers.flatMap(({ port }) =>
      Array.from({ length: PARALLEL }, () => prober.probe(requestFor(port), { signal })),
    );
    expect(await Promise.all(probes), names).toHaveLength(PARALLEL * set.length);
    await Promise.all(servers.map((server) => server.close()));
    expect((await memoryInUse(before + MAX_GROWTH)) - before, names).toBeLessThan(MAX_GROWTH);
  }
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
