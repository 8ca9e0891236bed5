import { isIP } from 'node:net';
import { asciiHostName } from '../dns/host-name.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import { shareQuestions } from '../dns/share-questions.ts';
import { UserError } from '../errors.ts';
import type { ProbeSettings } from './attempt/attempt-context.ts';
import type { ProbeReport } from './report.ts';
import { findRoute } from './route/find-route.ts';
import { type Path, pathNoun } from './route/path.ts';
import { tryAddresses } from './route/try-addresses.ts';
import { NO_POLICIES } from './tls/trust-policies.ts';
import { whyUntried } from './verdict/verdict.ts';

/** A host that is known to answer, from the configuration. */
export interface ControlTarget {
  /** As it was configured. */
  text: string;
  host: string;
  port: number;
}

/** What the control target says about this machine. */
export interface ControlResult {
  found: NonNullable<ProbeReport['control']>;
  port: number;
  /** It was dialled and did not answer either: the trouble is ours. */
  blocked: boolean;
}

/** A control target that connects but is slow to greet has proven enough. */
const STAGE_MS = 5000;
/** How much of a probe's time is kept for it: a scrape that is cut off tells nobody anything. */
const SHARE = 0.25;
/** It gets this long in any case. */
const LEAST_MS = 1000;

const KEEP_MS = 10_000;

/**
 * Reads `host`, `host:port` or `[v6]:port`; the port is 25 when there is none.
 * @throws UserError that names the key.
 */
export function parseControl(text: string): ControlTarget {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  const name = match?.[1] ?? match?.[2] ?? (isIP(text) === 6 ? text : '');
  const host = isIP(name) === 0 ? asciiHostName(name) : name;
  const port = Number(match?.[3] ?? 25);
  if (host !== undefined && port >= 1 && port <= 65_535) return { text, host, port };
  throw new UserError(
    `probe.control: ${JSON.stringify(text.slice(0, 80))} is no host. Give one such as mx1.contoso.example or mx1.contoso.example:25, as MAILMEDIC_PROBE_CONTROL or in the file.`,
  );
}

/** True when addresses were dialled and none let us in: then it is worth asking whether anything lets us out. */
export function nothingConnects(paths: readonly Path[]): boolean {
  const dialled = paths.filter((path) => path.report.ip !== null && whyUntried(path) === undefined);
  return (
    dialled.length > 0 &&
    dialled.every(({ report }) => report.errorType === 'UnableToConnect' && report.stage === 'connect')
  );
}

/** Milliseconds of a probe's time that are kept for asking the control target. */
export function controlReserve(timeoutMs: number): number {
  return Math.min(STAGE_MS, timeoutMs * SHARE);
}

/** The control target of one prober. */
export interface Control {
  target: ControlTarget;
  /** Probes it as deep as its greeting, under the settings of the probe that is in doubt; remembers for ten seconds. */
  ask(settings: ProbeSettings): Promise<ControlResult>;
}

/**
 * The configured control target. The egress policy holds for it too; a name that cannot be looked up and an address that
 * may not be dialled settle nothing.
 * @throws UserError when it cannot be read.
 */
export function createControl(text: string, resolver: DnsResolver): Control {
  const target = parseControl(text);
  const share = shareQuestions<ControlResult>();
  let last: { at: number; result: ControlResult } | undefined;
  return {
    target,
    async ask(settings) {
      const { elapsed } = settings.clock;
      // Many probes may fail at once, and the control target is somebody's server.
      if (last !== undefined && elapsed() - last.at < KEEP_MS) return last.result;
      const work = (signal: AbortSignal): Promise<ControlResult> =>
        probeControl(target, resolver, { ...settings, signal });
      const result = await share(text, work, settings.signal);
      last = { at: elapsed(), result };
      return result;
    },
  };
}

async function probeControl(
  target: ControlTarget,
  resolver: DnsResolver,
  settings: ProbeSettings,
): Promise<ControlResult> {
  const { clock, signal } = settings;
  const began = clock.elapsed();
  // The probe ends when it was to end, but for a moment.
  const totalMs = Math.max(LEAST_MS, Math.min(2 * STAGE_MS, settings.deadlineAt - began));
  const stageMs = Math.min(STAGE_MS, settings.stageMs, totalMs);
  const goal = { name: target.host, viaMx: false, hostIp: isIP(target.host) === 0 ? undefined : target.host };
  const route = await findRoute(goal, { resolver, elapsed: clock.elapsed, signal, timeoutMs: stageMs });
  const { paths } = await tryAddresses(route.hops, {
    port: target.port,
    all: false,
    settings: {
      ...settings,
      depth: 'connect',
      implicitTls: false,
      auth: undefined,
      tlsScan: false,
      policies: NO_POLICIES,
      stageMs,
      deadlineAt: began + totalMs,
      connectBy: began + totalMs,
    },
    onProgress: undefined,
  });
  return { port: target.port, ...judge(target, paths, route.problem?.words) };
}

function judge(
  { text }: ControlTarget,
  paths: readonly Path[],
  dnsTrouble: string | undefined,
): Omit<ControlResult, 'port'> {
  const found = (reachable: boolean, words: string): ControlResult['found'] => ({ target: text, reachable, words });
  if (paths.some(({ report }) => report.ip !== null && report.stage !== 'connect')) {
    const words = `The control target ${text} answers from here, so the trouble is on their side or between.`;
    return { found: found(true, words), blocked: false };
  }
  if (nothingConnects(paths)) {
    return { found: found(false, `The control target ${text} fails too: ${paths[0]?.report.summary}`), blocked: true };
  }
  const why = dnsTrouble ?? `none of its ${pathNoun(paths)} may be dialled`;
  return { found: found(false, `The control target ${text} could not be tried: ${why}.`), blocked: false };
}
