import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKnowledge } from '../../src/analysis/knowledge/knowledge.ts';
import { LIMITS } from '../../src/probe/limits.ts';
import type { Prober } from '../../src/probe/probe.ts';
import { type ProbeAttempt, type ProbeReport, probeReportSchema } from '../../src/probe/report.ts';
import { isCauseOf } from '../../src/vocabulary.ts';
import { createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { until } from '../support/until.ts';
import { type FuzzCase, fuzzCase } from './fuzz-arbitraries.ts';
import { programScript } from './fuzz-server.ts';
import { requestFor, testConfig, testProber } from './harness.ts';

/** Fuzzed servers; `npm run test:fuzz` takes 10,000. The seed of a failure is printed and can be given back. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 600);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_914);
/** Servers probed at a time; a failing batch is shrunk to the one that fails. */
const BATCH = 64;

const PROBE_S = 0.4;
/** A deadline is kept to the millisecond on an idle machine; this bound only tells late from never. */
const LATEST_MS = PROBE_S * 1000 * 10;
const MAX_KEPT = 24 * 1024 * 1024;
const MAILBOX = 'monitor@contoso.example';
const NAME = 'mx1.contoso.example';
const GIVEN_UP = 'given up';
/** Words of a peer are cut; a sentence never grows with what it sends. */
const LONGEST_SENTENCE = 2000;
const SECRET = 'S3cret-of-the-fuzzer';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** How often each end was met. */
const seen = new Map<string, number>();

let prober: Prober;
let identities: Identity[];
const escaped: unknown[] = [];
const onEscape = (error: unknown): void => void escaped.push(error);

beforeAll(async () => {
  const root = await createAuthority('Fuzz root');
  identities = [
    await root.issue({ names: [NAME] }),
    await root.issue({ names: ['other.example'], fromDays: -30, toDays: -1 }),
    await selfSigned({ names: [NAME] }),
    await (await createAuthority('\x1b[2J\x9b Authority')).issue({ names: ['\x1b[2J\x9bevil.example'] }),
  ];
  const limits = { stageTimeoutS: 0.15, timeoutS: PROBE_S, greylistWaitS: 0.05, perMinute: 1e9 };
  const auth = { authUser: 'fuzz', authPassword: SECRET, authToken: SECRET, authHosts: [NAME] };
  prober = testProber({
    config: { ...testConfig({ ...limits, ...auth }), mailboxes: [MAILBOX] },
    knowledge: createKnowledge({ runbookUrl: (errorType) => `https://runbooks.example/${errorType}` }),
    ca: [root.cert],
  });
  process.on('unhandledRejection', onEscape);
  process.on('uncaughtExceptionMonitor', onEscape);
});
afterAll(() => {
  process.off('unhandledRejection', onEscape);
  process.off('uncaughtExceptionMonitor', onEscape);
});

/** What one case came to; `fault` says in which way the probe was wrong. */
interface Outcome {
  server: ScriptedServer;
  fault: string | undefined;
}

async function run({ program, request, cancelMs }: FuzzCase): Promise<Outcome> {
  const server = await startScriptedServer(programScript(program, identities));
  const cancel = new AbortController();
  const timer = cancelMs === null ? undefined : setTimeout(() => cancel.abort(GIVEN_UP), cancelMs);
  const target = { kind: 'host', host: NAME, port: server.port } as const;
  const asked = requestFor(server.port, { ...request, target, hostIp: '127.0.0.1', to: MAILBOX });
  const began = performance.now();
  try {
    const report = await prober.probe(asked, { signal: cancel.signal });
    const ms = performance.now() - began;
    count(report);
    return { server, fault: ms > LATEST_MS ? `it took ${Math.round(ms)} ms` : faultOf(report) };
  } catch (error) {
    const fault = error === GIVEN_UP ? undefined : `it threw ${error instanceof Error ? error.stack : String(error)}`;
    return { server, fault };
  } finally {
    clearTimeout(timer);
  }
}

function count({ verdict, errorType, cause, stage }: ProbeReport): void {
  const end = verdict === 'ok' ? 'ok' : `${errorType}/${cause} at ${stage}`;
  seen.set(end, (seen.get(end) ?? 0) + 1);
}

/** In which way the report breaks its contract. */
function faultOf(report: ProbeReport): string | undefined {
  const parsed = probeReportSchema.safeParse(report);
  if (!parsed.success) return `the report breaks its schema: ${parsed.error.message}`;
  const words = [
    report.summary,
    ...report.mitigation,
    ...report.attempts.flatMap((one) => [one.summary, ...one.notes]),
  ];
  const raw = words.find((text) => /\p{Cc}/u.test(text));
  if (raw !== undefined) return `control characters in ${JSON.stringify(raw)}`;
  const long = words.find((text) => text.length > LONGEST_SENTENCE);
  if (long !== undefined) return `a sentence of ${long.length} characters: ${long.slice(0, 200)}`;
  if (JSON.stringify(report).includes(SECRET)) return 'the secret is in the report';
  return [report, ...report.attempts].map(untyped).find((fault) => fault !== undefined) ?? unbounded(report.attempts);
}

/** A verdict that is not ok has an error type and a cause of that type; one that is has neither. */
function untyped({ verdict, errorType, cause, owner }: ProbeReport | ProbeAttempt): string | undefined {
  const shown = `${verdict} ${errorType}/${cause} ${owner}`;
  if (verdict === 'ok') return errorType === null && cause === null && owner === 'none' ? undefined : shown;
  return errorType !== null && cause !== null && isCauseOf(errorType, cause) ? undefined : shown;
}

function unbounded(attempts: readonly ProbeAttempt[]): string | undefined {
  const over = attempts.find(
    ({ transcript, capabilities }) =>
      transcript.length > LIMITS.transcriptLines + 1 || capabilities.length > LIMITS.capabilities,
  );
  return over && `a transcript of ${over.transcript.length} lines, ${over.capabilities.length} capabilities`;
}

/** Open TCP sockets of this process that do not belong to a fuzzed server. */
function ourSockets(outcomes: readonly Outcome[]): number {
  const all = process.getActiveResourcesInfo().filter((type) => type === 'TCPSocketWrap').length;
  return all - outcomes.reduce((sum, { server }) => sum + server.open, 0);
}

/** Bytes in use after a collection. */
function kept(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Runs the cases side by side and waits until every socket of ours is closed. */
async function runBatch(cases: readonly FuzzCase[]): Promise<Outcome[]> {
  const outcomes = await Promise.all(cases.map(run));
  try {
    await until('our sockets to close', () => (ourSockets(outcomes) <= 0 ? true : undefined));
  } finally {
    await Promise.all(outcomes.map(({ server }) => server.close()));
  }
  return outcomes;
}

/** Shrinks the case and throws with the least one that still fails. */
async function explain(seed: number, index: number, fault: string): Promise<never> {
  const alone = fc.asyncProperty(fuzzCase, async (one) => {
    const [outcome] = await runBatch([one]);
    expect(outcome?.fault).toBeUndefined();
  });
  await fc.assert(alone, {
    seed,
    path: String(index),
    numRuns: index + 1,
    interruptAfterTimeLimit: 60_000,
    verbose: 1,
  });
  throw new Error(`case ${index} of seed ${seed} failed in its batch only: ${fault}`);
}

test(`${RUNS} fuzzed servers each end in a typed result, with nothing left behind`, {
  timeout: 3_600_000,
}, async () => {
  let settled = 0;
  let most = 0;
  for (let batch = 0; batch * BATCH < RUNS; batch += 1) {
    const seed = SEED + batch;
    const cases = fc.sample(fuzzCase, { seed, numRuns: Math.min(BATCH, RUNS - batch * BATCH) });
    const outcomes = await runBatch(cases);
    const wrong = outcomes.findIndex(({ fault }) => fault !== undefined);
    if (wrong >= 0) await explain(seed, wrong, outcomes[wrong]?.fault ?? '');
    expect(escaped, `in the batch of seed ${seed}`).toEqual([]);
    // What the first batches leave is compiled code, TLS contexts and caches.
    if (batch === 2) settled = kept();
    if (batch > 2 && batch % 4 === 0) most = Math.max(most, kept() - settled);
    expect(most, `kept after the batch of seed ${seed}`).toBeLessThan(MAX_KEPT);
  }
  // Servers that all fail at the greeting would prove little.
  expect(seen.size).toBeGreaterThan(30);
  expect(seen.get('ok') ?? 0).toBeGreaterThan(RUNS / 100);
});
