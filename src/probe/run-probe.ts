import type { Knowledge } from '../analysis/knowledge/knowledge.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import { type Logger, maskAddress } from '../log.ts';
import type { ProbeSettings } from './attempt/attempt-context.ts';
import { type Control, controlReserve, nothingConnects } from './control.ts';
import type { ProbePlan } from './plan.ts';
import { heloName, newProbeId } from './probe-name.ts';
import type { ProbeProgress } from './progress.ts';
import type { ProbeReport } from './report.ts';
import type { ProbeRequest } from './request.ts';
import { findRoute } from './route/find-route.ts';
import { tryAddresses } from './route/try-addresses.ts';
import type { TlsContexts } from './tls/tls-contexts.ts';
import { startTrustPolicies } from './tls/trust-policies.ts';
import { buildReport } from './verdict/build-report.ts';

/** What every probe of one prober works with. */
export interface ProbeTools {
  config: Pick<Config, 'egress' | 'probe'>;
  resolver: DnsResolver;
  clock: Clock;
  knowledge: Pick<Knowledge, 'guide'>;
  logger: Logger;
  contexts: TlsContexts;
  /** Where a logical address is really dialled. */
  dial: (ip: string, port: number) => { host: string; port: number };
  /** PEM certificates to trust besides Node's own. */
  ca: readonly string[];
  control: Control | undefined;
}

/** One probe whose turn has come. */
export interface ProbeJob {
  request: ProbeRequest;
  plan: ProbePlan;
  /** Aborted when the probe is cancelled, and in any case when it has ended. */
  signal: AbortSignal;
  onProgress: ((progress: ProbeProgress) => void) | undefined;
}

/**
 * Finds the addresses, tries them, asks the control target where none can be connected to, and says what it means.
 * Rejects only when the signal is aborted.
 */
export async function runProbe(
  { request, plan, signal, onProgress }: ProbeJob,
  tools: ProbeTools,
): Promise<ProbeReport> {
  const { config, clock, logger, resolver, knowledge, contexts, dial, control } = tools;
  // The first one reads the whole trust store; that time is ours and must not show in the peer's.
  contexts.modern();
  const startedAt = clock.now();
  const began = clock.elapsed();
  const stageMs = config.probe.stageTimeoutS * 1000;
  const timeoutMs = (request.timeoutS ?? config.probe.timeoutS) * 1000;
  const dnsMs = Math.min(stageMs, timeoutMs);
  const leftMs = (): number => began + timeoutMs - clock.elapsed();
  const sources = { resolver, egress: config.egress, dial, ca: tools.ca, timeoutMs, leftMs, signal };
  const policies = startTrustPolicies(request, plan, sources);
  const route = await findRoute(plan, { resolver, elapsed: clock.elapsed, signal, timeoutMs: dnsMs });
  const probeId = newProbeId();
  const settings: ProbeSettings = {
    depth: request.depth,
    chunking: request.chunking,
    pipelining: request.pipelining,
    auth: plan.auth,
    greylistWaitMs: config.probe.greylistWaitS * 1000,
    tlsMode: request.tls,
    implicitTls: plan.implicitTls,
    probeId,
    helo: heloName(probeId, plan.helo),
    from: plan.from,
    to: plan.to,
    alsoNamed: [...plan.alsoNamed, ...(route.mxNames ?? [])],
    expiryWarningDays: config.probe.expiryWarningDays,
    stageMs,
    deadlineAt: began + timeoutMs,
    connectBy: began + timeoutMs - (isOther(control, plan) ? controlReserve(timeoutMs) : 0),
    egress: config.egress,
    dial,
    contexts,
    policies,
    tlsScan: request.tlsScan,
    clock,
    signal,
  };
  const tried = await tryAddresses(route.hops, {
    port: plan.port,
    all: request.all,
    settings,
    onProgress: onProgress && ((attempts) => onProgress({ target: request.text, mx: route.mx, attempts })),
  });
  const doubtful = nothingConnects(tried.paths);
  const report = buildReport({
    request,
    plan,
    route,
    tried,
    control: doubtful && isOther(control, plan) ? await control.ask(settings) : undefined,
    // Silence may be ours as well as theirs, and without a control target nobody can tell; a refusal has come back to us.
    uncontrolled: doubtful && control === undefined && tried.paths.every(({ report }) => report.cause !== 'refused'),
    startedAt,
    durationMs: clock.elapsed() - began,
    probeId,
    helo: settings.helo,
    knowledge,
  });
  const { verdict, errorType, cause, durationMs } = report;
  logger.info({ target: maskAddress(request.text), probeId, verdict, errorType, cause, durationMs }, 'probe done');
  return report;
}

/** A target that is its own control would answer its own question. */
function isOther(control: Control | undefined, { name, port }: ProbePlan): control is Control {
  if (control === undefined) return false;
  return control.target.host.toLowerCase() !== name.toLowerCase() || control.target.port !== port;
}
