import { timingSafeEqual } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import { UserError } from '../errors.ts';
import type { ProbeReport } from '../probe/report.ts';
import { probeMetrics } from './probe-metrics.ts';
import { DEFAULT_MODULE, PROBE_MODULES, type ProbeModule } from './probe-modules.ts';

/** What Prometheus needs after our answer to store it; blackbox_exporter keeps back as much (`--timeout-offset`). */
const OFFSET_S = 0.5;

/** What the endpoint needs from outside. */
export interface ProbeEndpointOptions {
  /** Bearer token; without one the endpoint only says how to open it. */
  token: string | undefined;
  /** Longest probe in seconds, whatever the caller asks for. */
  maxTimeoutS: number;
  /**
   * Probes one target as it was typed.
   * @throws UserError for a target that cannot be read and for a rate limit; the signal's reason when aborted.
   */
  probe(target: string, module: ProbeModule, options: { timeoutS: number; signal: AbortSignal }): Promise<ProbeReport>;
}

/**
 * `GET /probe?target=…&module=…` in blackbox_exporter's multi-target convention, so that a Prometheus scrape
 * configuration switches over by changing the address (docs/prometheus.md).
 */
export function addProbeEndpoint(app: Express, options: ProbeEndpointOptions): void {
  const { token } = options;
  app.get('/probe', async (request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    if (token === undefined) {
      response.status(403).send('GET /probe is closed. Set MAILMEDIC_HTTP_PROBE_TOKEN to open it.\n');
      return;
    }
    if (!hasToken(request, token)) {
      response.set('www-authenticate', 'Bearer realm="mailmedic"').status(401);
      response.send('The bearer token is missing or wrong. Give it as authorization.credentials of the scrape job.\n');
      return;
    }
    await answer(request, response, options);
  });
}

async function answer(request: Request, response: Response, options: ProbeEndpointOptions): Promise<void> {
  const { query } = request;
  const target = oneWord(query.target);
  const name = query.module === undefined ? DEFAULT_MODULE : oneWord(query.module);
  const module = name !== undefined && Object.hasOwn(PROBE_MODULES, name) ? PROBE_MODULES[name] : undefined;
  if (target === undefined) {
    response.status(400).send('Target parameter is missing. Try /probe?target=contoso.com\n');
    return;
  }
  if (module === undefined) {
    const known = Object.entries(PROBE_MODULES).map(([word, { what }]) => `  ${word}: ${what}\n`);
    response.status(400).send(`Unknown module. Known modules:\n${known.join('')}`);
    return;
  }
  const stop = new AbortController();
  response.once('close', () => stop.abort(GONE));
  try {
    const timeoutS = timeoutFor(request, options.maxTimeoutS);
    const report = await options.probe(target, module, { timeoutS, signal: stop.signal });
    const { contentType, text } = await probeMetrics(report);
    if (query.debug === 'true') response.send(debugText(report, text));
    else {
      // Without the ETag and the look-ups of `send`, which cost as much as the metrics: a scrape is never cached.
      response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }).end(text);
    }
  } catch (error) {
    if (stop.signal.aborted) return;
    if (!(error instanceof UserError)) throw error;
    response.status(400).send(`${error.message}\n`);
  }
}

/** A reason made once, without a stack. */
const GONE = 'the scrape was given up';

/** A parameter that was given once and holds something; repeated ones are nobody's honest scrape. */
function oneWord(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 320 ? value : undefined;
}

function hasToken(request: Request, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Seconds for the probe: what the scrape leaves us, at most what the configuration allows. */
function timeoutFor(request: Request, maxS: number): number {
  const scrape = Number(request.get('x-prometheus-scrape-timeout-seconds'));
  if (!Number.isFinite(scrape) || scrape <= 0) return maxS;
  return Math.min(maxS, Math.max(scrape - OFFSET_S, OFFSET_S));
}

function debugText(report: ProbeReport, metrics: string): string {
  const lines = report.attempts.flatMap((attempt) => [
    `${attempt.host} ${attempt.ip ?? 'no address'} port ${attempt.port}: ${attempt.verdict}`,
    ...attempt.transcript.map(({ at, dir, text }) => `${String(Math.round(at)).padStart(6)} ${dir} ${text}`),
  ]);
  const parts = [report.summary, ...lines].map((line) => line.replace(/[\p{Cc}]/gu, '?'));
  return `Logs for the probe:\n${parts.join('\n')}\n\nMetrics that would have been returned:\n${metrics}`;
}
