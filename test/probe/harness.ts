import type { GuidedFault } from '../../src/analysis/knowledge/knowledge.ts';
import { systemClock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { DnsAnswer, DnsResolver, MxRecord, TlsaRecord } from '../../src/dns/resolver.ts';
import { silentLogger } from '../../src/log.ts';
import { createProber, type Prober, type ProberOptions } from '../../src/probe/probe.ts';
import { type ProbeReport, probeReportSchema } from '../../src/probe/report.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';

/** Zones as data: what is not named does not exist. */
export interface Zone {
  mx?: Record<string, MxRecord[]>;
  a?: Record<string, string[]>;
  aaaa?: Record<string, string[]>;
  cname?: Record<string, string>;
  ptr?: Record<string, string[]>;
  /** Answers other than records, by name, for every type. */
  broken?: Record<string, 'servfail' | 'dnssec' | 'timeout' | 'refused' | 'nodata' | 'invalid'>;
}

/** A resolver over a zone. */
export function zoneResolver(zone: Zone): DnsResolver {
  const known = new Set([zone.mx, zone.a, zone.aaaa, zone.cname, zone.ptr].flatMap((part) => Object.keys(part ?? {})));
  const answer = async <T>(name: string, records: T[] | undefined): Promise<DnsAnswer<T>> => {
    const broken = zone.broken?.[name];
    if (broken !== undefined) return { status: broken, records: [] };
    if (records !== undefined) return { status: 'ok', records };
    return { status: known.has(name) ? 'nodata' : 'nxdomain', records: [] };
  };
  return {
    server: 'zone',
    mx: (name) => answer(name, zone.mx?.[name]),
    a: (name) => answer(name, zone.a?.[name]),
    aaaa: (name) => answer(name, zone.aaaa?.[name]),
    cname: (name) => answer(name, zone.cname?.[name] === undefined ? undefined : [zone.cname[name]]),
    txt: (name) => answer<string>(name, undefined),
    ptr: (ip) => answer(ip, zone.ptr?.[ip]),
    tlsa: (name) => answer<TlsaRecord>(name, undefined),
  };
}

/** Loopback may be probed, stages are short, limits are out of the way. */
export function testConfig(probe: Partial<Config['probe']> = {}, env: Record<string, string> = {}): Config {
  const config = loadConfig({ env: { MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8,::1', ...env } });
  const lenient = { perUserPerMinute: 1e6, perTargetPerMinute: 1e6, concurrency: 1000, stageTimeoutS: 1 };
  return { ...config, probe: { ...config.probe, ...lenient, ...probe } };
}

/** Guidance that repeats the fault, so that a test sees what was asked. */
export const echoKnowledge = {
  guide: ({ errorType, cause }: GuidedFault) => ({
    meaning: '',
    mitigation: [`mend ${errorType} ${cause}`],
    runbooks: [{ title: errorType, url: `https://runbooks.example/${errorType}` }],
    confirm: [],
    next: [],
    attach: [],
  }),
};

export function testProber(options: Partial<ProberOptions> = {}): Prober {
  return createProber({
    config: testConfig(),
    resolver: zoneResolver({}),
    clock: systemClock,
    knowledge: echoKnowledge,
    logger: silentLogger(),
    ...options,
  });
}

/** A request for a loopback server, by address, without TLS questions unless asked. */
export function requestFor(port: number, overrides: Partial<ProbeRequest> = {}): ProbeRequest {
  return {
    text: `127.0.0.1:${port}`,
    target: { kind: 'ip', ip: '127.0.0.1', port },
    depth: 'rcpt',
    tls: 'opportunistic',
    chunking: 'auto',
    pipelining: 'auto',
    tlsScan: false,
    all: false,
    ...overrides,
  };
}

/** Probes and holds the report to its contract. */
export async function probe(
  prober: Prober,
  request: ProbeRequest,
  signal = new AbortController().signal,
): Promise<ProbeReport> {
  const report = await prober.probe(request, { signal });
  return probeReportSchema.parse(report);
}
