import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailServer, type Script, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { HOSTILE_CASES } from './hostile-cases.ts';

const CROWD = 100;
const STAGE_S = 0.8;
const MAX_EXTRA = 20 * 1024 * 1024;

/** What a crowd of probes did, see test/support/probe-crowd.mjs. */
interface CrowdResult {
  faults: string[];
  slowestMs: number;
  /** Most bytes over the beginning: in use (garbage included), and of the whole process. */
  peakUsed: number;
  peakRss: number;
  /** Bytes still in use after a collection. */
  kept: number;
  unhandled: string[];
}

let crowd: ChildProcess;
let most = { peakUsed: 0, peakRss: 0, kept: 0, slowestMs: 0 };

beforeAll(async () => {
  crowd = fork(path.join(import.meta.dirname, '../support/probe-crowd.mjs'), [], {
    execArgv: ['--expose-gc'],
    env: {
      ...process.env,
      MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8',
      MAILMEDIC_PROBE_STAGE_TIMEOUT_S: String(STAGE_S),
      MAILMEDIC_PROBE_PER_MINUTE: '1000000',
      MAILMEDIC_PROBE_PER_USER_PER_MINUTE: '1000000',
      MAILMEDIC_PROBE_PER_TARGET_PER_MINUTE: '1000000',
      MAILMEDIC_PROBE_CONCURRENCY: '1000',
    },
  });
  // A process that cannot start must be told, not waited for.
  const ended = once(crowd, 'exit').then(([code]) => Promise.reject(new Error(`the crowd ended with ${code}`)));
  await Promise.race([once(crowd, 'message'), ended]);
  ended.catch(() => undefined);
  // What any crowd costs (compiled code, TLS contexts, a grown heap) is not the doing of a hostile server.
  for (let round = 0; round < 3; round += 1) await probeInCrowd(mailServer());
});
afterAll(() => {
  const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const { peakUsed, peakRss, kept, slowestMs } = most;
  console.log(
    `${HOSTILE_CASES.length} hostile servers, ${CROWD} probes at once each: at most ${mb(peakUsed)} in use, ${mb(peakRss)} of the process and ${mb(kept)} kept over the beginning; slowest ${Math.round(slowestMs)} ms with ${STAGE_S * 1000} ms a stage`,
  );
  crowd.kill();
});

async function probeInCrowd(script: Script): Promise<CrowdResult> {
  const server = await startScriptedServer(script);
  crowd.send({ port: server.port, count: CROWD });
  const [result] = (await once(crowd, 'message')) as [CrowdResult];
  await server.close();
  return result;
}

describe('a hundred probes at once of a hostile server', () => {
  test.each(HOSTILE_CASES)('$name', async ({ script, errorType, cause, stage }) => {
    const result = await probeInCrowd(script);
    most = {
      peakUsed: Math.max(most.peakUsed, result.peakUsed),
      peakRss: Math.max(most.peakRss, result.peakRss),
      kept: Math.max(most.kept, result.kept),
      slowestMs: Math.max(most.slowestMs, result.slowestMs),
    };
    expect(result.faults).toEqual([`${errorType} ${cause} ${stage}`]);
    // One stage may hang, and the polite QUIT after it; the rest is what a busy machine adds.
    expect(result.slowestMs).toBeLessThan(STAGE_S * 1000 + 2000);
    expect(result.peakRss).toBeLessThan(MAX_EXTRA);
    expect(result.kept).toBeLessThan(MAX_EXTRA);
    expect(result.unhandled).toEqual([]);
  });
});
