import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { Knowledge } from '../analysis/knowledge/knowledge.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import { type Logger, maskAddress } from '../log.ts';
import type { ProbeSettings } from './attempt-context.ts';
import { buildReport } from './build-report.ts';
import { findRoute } from './find-route.ts';
import { type ProbePlan, planProbe } from './plan.ts';
import { heloName, newProbeId } from './probe-name.ts';
import type { ProbeProgress } from './progress.ts';
import { createRateLimit } from './rate-limit.ts';
import type { ProbeReport } from './report.ts';
import type { ProbeRequest } from './request.ts';
import { createTlsContexts } from './tls-contexts.ts';
import { tryAddresses } from './try-addresses.ts';

export type { ProbeProgress, StageProgress } from './progress.ts';

export interface ProberOptions {
  config: Pick<Config, 'egress' | 'mailboxes' | 'probe'>;
  resolver: DnsResolver;
  clock: Clock;
  knowledge: Pick<Knowledge, 'guide'>;
  logger: Logger;
  /** Where a logical address is really dialled; the egress policy judges the logical one. Default: the address itself. */
  dial?: (ip: string, port: number) => { host: string; port: number };
  /** PEM certificates to trust besides Node's own. */
  ca?: readonly string[];
}

export interface ProbeOptions {
  /** Ends the probe and its sockets at once; the promise then rejects with the signal's reason. */
  signal: AbortSignal;
  onProgress?: (progress: ProbeProgress) => void;
  /** Who asks, for the rate limit; missing in the terminal. */
  userId?: string;
}

/** A reason made once: the default one is an error with a stack, made anew for each probe. */
const ENDED = 'the probe has ended';

type OnProgress = ProbeOptions['onProgress'];

export interface Prober {
  /**
   * Probes one target. Whatever DNS and the peer do is in the report.
   * @throws UserError for a request that cannot be carried out and for a rate limit; the signal's reason when aborted.
   */
  probe(request: ProbeRequest, options: ProbeOptions): Promise<ProbeReport>;
}

/** Wires the probe core. One prober a process: it holds the rate limits, the TLS contexts and the queue. */
export function createProber(options: ProberOptions): Prober {
  const { config, clock, logger, resolver, knowledge } = options;
  const contexts = createTlsContexts(options.ca);
  const checkRate = createRateLimit(config.probe);
  const queue = pLimit(config.probe.concurrency);
  const dial = options.dial ?? ((host, port) => ({ host, port }));

  async function run(request: ProbeRequest, plan: ProbePlan, signal: AbortSignal, onProgress: OnProgress) {
    // It may have waited in the queue.
    signal.throwIfAborted();
    // The first one reads the whole trust store; that time is ours and must not show in the peer's.
    contexts.modern();
    const startedAt = clock.now();
    const began = clock.elapsed();
    const stageMs = config.probe.stageTimeoutS * 1000;
    const timeoutMs = (request.timeoutS ?? config.probe.timeoutS) * 1000;
    const dnsMs = Math.min(stageMs, timeoutMs);
    const route = await findRoute(plan, { resolver, elapsed: clock.elapsed, signal, timeoutMs: dnsMs });
    const probeId = newProbeId();
    const settings: ProbeSettings = {
      depth: request.depth,
      chunking: request.chunking,
      tlsMode: request.tls,
      implicitTls: plan.implicitTls,
      probeId,
      helo: heloName(probeId, plan.helo),
      from: plan.from,
      to: plan.to,
      alsoNamed: plan.alsoNamed,
      expiryWarningDays: config.probe.expiryWarningDays,
      stageMs,
      deadlineAt: began + timeoutMs,
      egress: config.egress,
      dial,
      contexts,
      clock,
      signal,
    };
    const tried = await tryAddresses(route.hops, {
      port: plan.port,
      all: request.all,
      settings,
      onProgress: onProgress && ((attempts) => onProgress({ target: request.text, mx: route.mx, attempts })),
    });
    const report = buildReport({
      request,
      plan,
      route,
      tried,
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

  return {
    async probe(request, { signal, onProgress, userId }) {
      signal.throwIfAborted();
      const plan = planProbe(request, config);
      await checkRate(userId, plan.name);
      // Ends whatever is still open when this probe ends, for whatever reason.
      const stop = new AbortController();
      // Every open session listens, and one signal may cover many probes; that is no leak to warn of.
      setMaxListeners(0, signal, stop.signal);
      const { promise: cancelled, reject: cancel } = withReject();
      const onAbort = (): void => {
        stop.abort(signal.reason);
        cancel(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        // A probe that still waits in the queue must not wait for its turn to be cancelled.
        return await Promise.race([queue(() => run(request, plan, stop.signal, onProgress)), cancelled]);
      } finally {
        signal.removeEventListener('abort', onAbort);
        stop.abort(ENDED);
      }
    },
  };
}

/** A promise that only ever fails (Promise.withResolvers is not in Node 20). */
function withReject(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
