import { setMaxListeners } from 'node:events';
import type { Knowledge } from '../analysis/knowledge/knowledge.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { DnsResolver } from '../dns/resolver.ts';
import type { Logger } from '../log.ts';
import { createControl } from './control.ts';
import { planProbe } from './plan.ts';
import type { ProbeProgress } from './progress.ts';
import { createQueue } from './queue.ts';
import { createRateLimit } from './rate-limit.ts';
import type { ProbeReport } from './report.ts';
import type { ProbeRequest } from './request.ts';
import { type ProbeTools, runProbe } from './run-probe.ts';
import { createTlsContexts } from './tls/tls-contexts.ts';

export type { ProbeProgress, StageProgress } from './progress.ts';

/** What probing needs from outside. */
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

/** What goes with one probe besides the request. */
export interface ProbeOptions {
  /** Ends the probe and its sockets at once; the promise then rejects with the signal's reason. */
  signal: AbortSignal;
  onProgress?: (progress: ProbeProgress) => void;
  /** Who asks, for the rate limit; missing in the terminal. */
  userId?: string;
}

/** A reason made once: the default one is an error with a stack, made anew for each probe. */
const ENDED = 'the probe has ended';

/** Probes one target after another, or many at once. */
export interface Prober {
  /**
   * Probes one target. Whatever DNS and the peer do is in the report.
   * @throws UserError for a request that cannot be carried out and for a rate limit; the signal's reason when aborted.
   */
  probe(request: ProbeRequest, options: ProbeOptions): Promise<ProbeReport>;
}

/**
 * Wires the probe core. One prober a process: it holds the rate limits, the TLS contexts and the queue.
 * @throws UserError for a control target that cannot be read.
 */
export function createProber(options: ProberOptions): Prober {
  const { config, clock, logger, resolver, knowledge, ca = [] } = options;
  const contexts = createTlsContexts(ca);
  const checkRate = createRateLimit(config.probe);
  const queue = createQueue(config.probe.concurrency);
  const control = config.probe.control === undefined ? undefined : createControl(config.probe.control, resolver);
  const dial = options.dial ?? ((host, port) => ({ host, port }));
  const tools: ProbeTools = { config, clock, logger, resolver, knowledge, contexts, dial, control, ca };

  return {
    async probe(request, { signal, onProgress, userId }) {
      signal.throwIfAborted();
      const plan = planProbe(request, config);
      // Whatever name stands before it, it is the address that is knocked at.
      await checkRate(userId, plan.hostIp ?? plan.name);
      signal.throwIfAborted();
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
        const job = { request, plan, signal: stop.signal, onProgress };
        const onWait = onProgress && ((before: number) => onProgress(waitingProgress(request, before)));
        return await Promise.race([queue.run(() => runProbe(job, tools), { signal: stop.signal, onWait }), cancelled]);
      } finally {
        signal.removeEventListener('abort', onAbort);
        stop.abort(ENDED);
      }
    },
  };
}

function waitingProgress({ text }: ProbeRequest, before: number): ProbeProgress {
  const waiting = before === 0 ? 'queued: next in line' : `queued: ${before} before you`;
  return { target: text, mx: [], attempts: [], waiting };
}

/** A promise that only ever fails (Promise.withResolvers is not in Node 20). */
function withReject(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
