import pLimit from 'p-limit';
import { type AttemptOutcome, runAttempt } from './attempt.ts';
import type { ProbeSettings } from './attempt-context.ts';
import { AttemptRecord } from './attempt-record.ts';
import type { Problem } from './problem.ts';
import type { ProbeProgress } from './progress.ts';
import type { ProbeAttempt } from './report.ts';
import type { Hop } from './resolve-route.ts';
import { mergeStages } from './stage-clock.ts';

/** Connections that one probe holds open at a time. */
const PARALLEL = 4;

interface Trial {
  port: number;
  all: boolean;
  settings: ProbeSettings;
  onProgress: ((attempts: ProbeProgress['attempts']) => void) | undefined;
}

/** What came of the addresses, and how many the deadline left untried. */
export interface Tried {
  outcomes: AttemptOutcome[];
  untried: number;
}

/**
 * Tries the first address as a sender would; the others only when that failed in a way after which a sender goes on, or
 * when all are wanted.
 */
export async function tryAddresses(hops: readonly Hop[], trial: Trial): Promise<Tried> {
  const { settings, port } = trial;
  const records: AttemptRecord[] = [];
  const onChange = (): void => trial.onProgress?.(records.map(progressOf));

  async function tryHop(hop: Hop): Promise<AttemptOutcome | undefined> {
    if (hop.ip === null) return { report: unreachable(hop.host, port, hop.dnsMs, hop.problem), endsDelivery: false };
    if (settings.clock.elapsed() >= settings.deadlineAt) return undefined;
    const plan = { host: hop.host, ip: hop.ip, port, dnsMs: hop.dnsMs };
    const record = new AttemptRecord(plan, settings.clock.elapsed, onChange);
    records.push(record);
    return runAttempt({ record, settings });
  }

  const outcomes: (AttemptOutcome | undefined)[] = [];
  let rest = hops;
  while (!trial.all && rest[0] !== undefined) {
    const outcome = await tryHop(rest[0]);
    outcomes.push(outcome);
    rest = rest.slice(1);
    if (outcome !== undefined && (outcome.report.verdict !== 'failed' || outcome.endsDelivery)) rest = [];
    // After the first real failure the others are looked at side by side.
    if (outcome !== undefined && outcome.report.ip !== null) break;
  }
  if (rest.length > 0) {
    const limit = pLimit(PARALLEL);
    outcomes.push(...(await Promise.all(rest.map((hop) => limit(() => tryHop(hop))))));
  }
  const done = outcomes.filter((outcome) => outcome !== undefined);
  return { outcomes: done, untried: outcomes.length - done.length };
}

function progressOf({ plan, clocks }: AttemptRecord): ProbeProgress['attempts'][number] {
  return { host: plan.host, ip: plan.ip, port: plan.port, stages: mergeStages(clocks) };
}

/** The attempt at an MX host that has no address. */
function unreachable(host: string, port: number, dnsMs: number, problem: Problem): ProbeAttempt {
  const { errorType, cause, stage, owner, words } = problem;
  const record = new AttemptRecord(
    { host, ip: '', port, dnsMs },
    () => 0,
    () => undefined,
  );
  return { ...record.report(), ip: null, verdict: 'failed', errorType, cause, stage, owner, summary: `${words}.` };
}
