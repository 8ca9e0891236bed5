import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseTarget } from '../../commands/target.ts';
import { addProbeEndpoint } from '../../src/http/probe-endpoint.ts';
import { PROBE_MODULES } from '../../src/http/probe-modules.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import type { Prober } from '../../src/probe/probe.ts';
import { testConfig, testProber, zoneResolver } from '../probe/harness.ts';
import { type Authority, createAuthority, selfSigned } from '../support/certificates.ts';
import { mailServer, type Script, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { readExposition, type Sample } from './exposition.ts';
import { findPromtool } from './promtool.ts';

const TOKEN = 'a-token-of-sixteen-characters';
const HOST = 'mx1.contoso.example';

let root: Authority;
const servers: (HttpServer | ScriptedServer)[] = [];
beforeAll(async () => {
  root = await createAuthority('Test root');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

function proberFor(probe: Parameters<typeof testConfig>[0] = {}): Prober {
  const zone = { a: { [HOST]: ['127.0.0.1'] }, mx: { 'gone.example': [] } };
  return testProber({ resolver: zoneResolver(zone), ca: [root.cert], config: testConfig(probe) });
}

/** The endpoint over a real prober; returns the address and how many probes are still open. */
async function open(options: { token?: string; prober?: Prober; maxTimeoutS?: number } = {}) {
  const running = { count: 0 };
  const prober = options.prober ?? proberFor();
  const http = createHttpServer({ host: '127.0.0.1', port: 0, health: () => ({}), renderRunbook: () => '' });
  servers.push(http);
  addProbeEndpoint(http.app, {
    token: 'token' in options ? options.token : TOKEN,
    maxTimeoutS: options.maxTimeoutS ?? 5,
    probe: async (text, { depth, tls }, { timeoutS, signal }) => {
      running.count += 1;
      const request = { text, target: parseTarget(text), depth, tls, timeoutS };
      const rest = { chunking: 'auto', pipelining: 'auto', tlsScan: false, all: false } as const;
      return prober.probe({ ...request, ...rest }, { signal }).finally(() => {
        running.count -= 1;
      });
    },
  });
  return { base: await http.listen(), running };
}

async function serve(script: Script): Promise<number> {
  const server = await startScriptedServer(script);
  servers.push(server);
  return server.port;
}

async function scrape(base: string, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}/probe?${query}`, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

function sampleValue(samples: Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const fits = (sample: Sample): boolean =>
    Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
  return samples.find((sample) => sample.name === name && fits(sample))?.value;
}

describe('GET /probe', () => {
  it('tells a healthy server in the names of blackbox_exporter', async () => {
    const { base } = await open();
    const port = await serve(mailServer({ identity: await root.issue({ names: [HOST] }) }));
    const { status, type, text } = await scrape(base, `target=${HOST}:${port}&module=smtp_starttls`);
    expect(status).toBe(200);
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    const samples = readExposition(text);
    expect(sampleValue(samples, 'probe_success')).toBe(1);
    expect(sampleValue(samples, 'probe_degraded')).toBe(0);
    expect(sampleValue(samples, 'probe_duration_seconds')).toBeGreaterThan(0);
    expect(sampleValue(samples, 'probe_ip_protocol')).toBe(4);
    expect(sampleValue(samples, 'probe_smtp_stage_duration_seconds', { stage: 'tls' })).toBeGreaterThan(0);
    expect(sampleValue(samples, 'probe_tls_version_info', { version: 'TLS 1.3' })).toBe(1);
    expect(sampleValue(samples, 'probe_ssl_earliest_cert_expiry')).toBeGreaterThan(Date.now() / 1000);
    expect(sampleValue(samples, 'probe_failure_info')).toBeUndefined();
  });

  const faults: [string, string, () => Promise<Script>, Record<string, string>][] = [
    [
      'an untrusted certificate',
      'smtp_starttls',
      async () => mailServer({ identity: await selfSigned({ names: [HOST] }) }),
      { error_type: 'CertificateFailure', cause: 'self-signed', stage: 'certificate', owner: 'recipient' },
    ],
    [
      'a greeting that turns us away',
      'smtp_banner',
      async () => (peer) => peer.send('554 5.7.1 no mail here\r\n'),
      { stage: 'banner' },
    ],
  ];
  it.each(faults)('names %s', async (_, module, script, labels) => {
    const { base } = await open();
    const port = await serve(await script());
    const samples = readExposition((await scrape(base, `target=${HOST}:${port}&module=${module}`)).text);
    expect(sampleValue(samples, 'probe_success')).toBe(0);
    expect(sampleValue(samples, 'probe_failure_info', labels)).toBe(1);
  });

  it('counts a degraded path as a success that is degraded', async () => {
    const { base } = await open();
    const port = await serve(mailServer({ identity: await selfSigned({ names: [HOST] }) }));
    const samples = readExposition((await scrape(base, `target=${HOST}:${port}&module=smtp`)).text);
    expect(sampleValue(samples, 'probe_success')).toBe(1);
    expect(sampleValue(samples, 'probe_degraded')).toBe(1);
    expect(sampleValue(samples, 'probe_failure_info', { cause: 'self-signed' })).toBe(1);
  });

  it('is well formed whatever stands in a certificate', async () => {
    const { base } = await open();
    const port = await serve(mailServer({ identity: await selfSigned({ names: ['we"ird\\\n<x>', HOST] }) }));
    const { text } = await scrape(base, `target=${HOST}:${port}&module=smtp`);
    expect(sampleValue(readExposition(text), 'probe_ssl_last_chain_info')).toBe(1);
  });

  it('ends in time for the scrape', async () => {
    const { base } = await open({ prober: proberFor({ stageTimeoutS: 60 }), maxTimeoutS: 60 });
    const port = await serve(() => undefined);
    const header = { 'x-prometheus-scrape-timeout-seconds': '1' };
    const samples = readExposition((await scrape(base, `target=${HOST}:${port}`, header)).text);
    expect(sampleValue(samples, 'probe_duration_seconds')).toBeLessThan(1);
    expect(sampleValue(samples, 'probe_failure_info', { error_type: 'ProbeTimeout', cause: 'banner' })).toBe(1);
  });

  it('ends the probe when the scrape is given up', async () => {
    const { base, running } = await open({ prober: proberFor({ stageTimeoutS: 60 }), maxTimeoutS: 60 });
    const port = await serve(() => undefined);
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const given = fetch(`${base}/probe?target=${HOST}:${port}`, { headers, signal: stop.signal });
    while (running.count === 0) await pause(5);
    stop.abort();
    await expect(given).rejects.toThrow();
    while (running.count > 0) await pause(5);
  });

  it('shows the conversation with debug=true', async () => {
    const { base } = await open();
    const port = await serve(mailServer({}));
    const { text } = await scrape(base, `target=${HOST}:${port}&module=smtp&debug=true`);
    expect(text).toContain('Logs for the probe:');
    expect(text).toMatch(/C EHLO mm/);
    expect(text).toContain('Metrics that would have been returned:\n# HELP probe_success');
  });

  const wrong: [string, string, RegExp][] = [
    ['no target', 'module=smtp', /Target parameter is missing/],
    ['an empty target', 'target=%20', /Target parameter is missing/],
    ['two targets', 'target=a.example&target=b.example', /Target parameter is missing/],
    ['a target that is none', 'target=a%0d%0ab', /control character/],
    ['an unknown module', 'target=a.example&module=http_2xx', /Unknown module.*smtp_starttls/s],
    ['a module from the prototype', 'target=a.example&module=constructor', /Unknown module/],
    ['two modules', 'target=a.example&module=smtp&module=smtps', /Unknown module/],
  ];
  it.each(wrong)('refuses %s with words', async (_, query, words) => {
    const { base } = await open();
    const { status, text } = await scrape(base, query);
    expect(status).toBe(400);
    expect(text).toMatch(words);
  });

  it('obeys the egress policy', async () => {
    const { base } = await open();
    const samples = readExposition((await scrape(base, 'target=10.0.0.1')).text);
    expect(sampleValue(samples, 'probe_failure_info', { cause: 'blocked-egress' })).toBe(1);
  });

  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer another-token-of-sixteen' }],
    ['a longer one', { authorization: `Bearer ${TOKEN}x` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('answers 401 to %s', async (_, headers) => {
    const { base } = await open();
    const response = await fetch(`${base}/probe?target=${HOST}`, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('is closed until a token is set', async () => {
    const { base } = await open({ token: undefined } as unknown as { token: string });
    const { status, text } = await scrape(base, `target=${HOST}`);
    expect(status).toBe(403);
    expect(text).toContain('MAILMEDIC_HTTP_PROBE_TOKEN');
  });

  it('has a line of explanation for every module', () => {
    for (const { what } of Object.values(PROBE_MODULES)) expect(what).not.toBe('');
  });
});

const promtool = findPromtool();

/** Prometheus's own check of the format, where the tool is installed (the Debian package `prometheus` has it). */
describe.skipIf(promtool === undefined)('promtool check metrics', () => {
  const outputs: string[] = [];
  afterAll(() => expect(outputs).toHaveLength(3));
  it.each(['smtp_starttls', 'smtp', 'smtp_banner'])('has nothing to say about module %s', async (module) => {
    const { base } = await open();
    const port = await serve(mailServer({ identity: await selfSigned({ names: [HOST] }) }));
    const { text } = await scrape(base, `target=${HOST}:${port}&module=${module}`);
    outputs.push(text);
    expect(execFileSync(promtool ?? '', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
  });
});
