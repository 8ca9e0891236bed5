import pLimit from 'p-limit';
import { runAttempt } from './attempt.ts';
import type { ProbeSettings } from './attempt-context.ts';
import { AttemptRecord } from './attempt-record.ts';
import type { Path } from './path.ts';
import type { Problem } from './problem.ts';
import type { ProbeProgress } from './progress.ts';
import type { ProbeAttempt } from './report.ts';
import type { Hop } from './resolve-route.ts';
import { mergeStages } from './stage-clock.ts';

/** Connections that one probe holds open at a time. */
const PARALLEL = 8;

interface Trial {
  port: number;
  all: boolean;
  settings: ProbeSettings;
  onProgress: ((attempts: ProbeProgress['attempts']) => void) | undefined;
}

/** What came of the addresses in the order of the hops, and how many the deadline left untried. */
export interface Tried {
  paths: Path[];
  untried: number;
}

/**
 * Tries the first address as a sender would; the others only when that failed in a way after which a sender goes on, or
 * when all are wanted. Hosts without an address are always named: looking them up has cost its time already.
 */
export async function tryAddresses(hops: readonly Hop[], trial: Trial): Promise<Tried> {
  const { settings, port } = trial;
  const records: AttemptRecord[] = [];
  const onChange = (): void => trial.onProgress?.(records.map(progressOf));

  async function tryHop(hop: Hop): Promise<Path | undefined> {
    const { host, ip, dnsMs, preference } = hop;
    if (ip === null) return { report: withoutAddress(host, port, dnsMs, hop.problem), endsDelivery: false, preference };
    if (settings.clock.elapsed() >= settings.deadlineAt) return undefined;
    const record = new AttemptRecord({ host, ip, port, dnsMs }, settings.clock.elapsed, onChange);
    records.push(record);
    return { ...(await runAttempt({ record, settings })), preference };
  }

  const tried: (Path | undefined)[] = [];
  let rest = hops;
  while (!trial.all && rest[0] !== undefined) {
    const path = await tryHop(rest[0]);
    tried.push(path);
    rest = rest.slice(1);
    if (path === undefined || path.report.ip === null) continue;
    if (path.report.verdict !== 'failed' || path.endsDelivery) rest = rest.filter(({ ip }) => ip === null);
    // After the first real failure the others are looked at side by side.
    break;
  }
  if (rest.length > 0) {
    const limit = pLimit(PARALLEL);
    tried.push(...(await Promise.all(rest.map((hop) => limit(() => tryHop(hop))))));
  }
  const paths = tried.filter((path) => path !== undefined);
  return { paths, untried: tried.length - paths.length };
}

function progressOf({ plan, clocks }: AttemptRecord): ProbeProgress['attempts'][number] {
  return { host: plan.host, ip: plan.ip, port: plan.port, stages: mergeStages(clocks) };
}

/** The attempt at an MX host that has no address. */
function withoutAddress(host: string, port: number, dnsMs: number, problem: Problem): ProbeAttempt {
  const { errorType, cause, stage, owner, words } = problem;
  const record = new AttemptRecord(
    { host, ip: '', port, dnsMs },
    () => 0,
    () => undefined,
  );
  return { ...record.report(), ip: null, verdict: 'failed', errorType, cause, stage, owner, summary: `${words}.` };
}
