import pLimit from 'p-limit';
import { runAttempt } from '../attempt/attempt.ts';
import type { ProbeSettings } from '../attempt/attempt-context.ts';
import { AttemptRecord } from '../attempt/attempt-record.ts';
import type { Problem } from '../faults/problem.ts';
import type { ProbeProgress } from '../progress.ts';
import type { ProbeAttempt } from '../report.ts';
import { mergeStages } from '../session/stage-clock.ts';
import { isLoginRefused, type Path } from './path.ts';
import type { Hop } from './resolve-route.ts';

/** Connections that one probe holds open at a time. */
const PARALLEL = 8;
/** Part of the time that the first address has to itself: a primary that hangs must not hide that its backup works. */
const FIRST_SHARE = 0.5;

interface Trial {
  port: number;
  all: boolean;
  settings: ProbeSettings;
  onProgress: ((attempts: ProbeProgress['attempts']) => void) | undefined;
}

/** What came of the addresses in the order of the hops, and how many were left untried: by the deadline, or by a refused log-in. */
export interface Tried {
  paths: Path[];
  untried: number;
}

/**
 * Tries the first address as a sender would; the others only when that failed in a way after which a sender goes on, or
 * when all are wanted, or beside it when half of the time is up. Hosts without an address are always named: looking them up
 * has cost its time already.
 */
export async function tryAddresses(hops: readonly Hop[], trial: Trial): Promise<Tried> {
  const { settings, port } = trial;
  const records: AttemptRecord[] = [];
  /** A secret that was refused is offered to nobody else: accounts are locked that way. */
  let refused = false;
  const onChange = (): void => trial.onProgress?.(records.map(progressOf));

  async function tryHop(hop: Hop): Promise<Path | undefined> {
    const { host, ip, dnsMs, preference } = hop;
    if (ip === null) return { report: withoutAddress(host, port, dnsMs, hop.problem), endsDelivery: false, preference };
    if (refused || settings.clock.elapsed() >= settings.connectBy) return undefined;
    const record = new AttemptRecord({ host, ip, port, dnsMs }, settings.clock.elapsed, onChange);
    records.push(record);
    const outcome = await runAttempt({ record, settings });
    refused ||= isLoginRefused(outcome.report);
    return { ...outcome, preference };
  }

  const tried: (Path | undefined)[] = [];
  const slow: Promise<Path | undefined>[] = [];
  let rest = hops;
  while (!trial.all && rest[0] !== undefined) {
    const trying = tryHop(rest[0]);
    rest = rest.slice(1);
    const left = settings.deadlineAt - settings.clock.elapsed();
    // One address at a time hears a secret.
    const aside = settings.auth === undefined && rest.some(({ ip }) => ip !== null);
    if (aside && !(await endsWithin(left * FIRST_SHARE, trying))) {
      slow.push(trying);
      break;
    }
    const path = await trying;
    tried.push(path);
    if (path === undefined || path.report.ip === null) continue;
    if (path.report.verdict !== 'failed' || path.endsDelivery) rest = rest.filter(({ ip }) => ip === null);
    // After the first real failure the others are looked at side by side.
    break;
  }
  if (slow.length + rest.length > 0) {
    const limit = pLimit(settings.auth === undefined ? PARALLEL : 1);
    tried.push(...(await Promise.all([...slow, ...rest.map((hop) => limit(() => tryHop(hop)))])));
  }
  const paths = tried.filter((path) => path !== undefined);
  return { paths, untried: tried.length - paths.length };
}

/** Is it done in so many milliseconds? Rejects when it does. */
async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
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
