import { isIPv6 } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import type { ProbeAttempt, ProbeReport } from '../probe/report.ts';

/** Characters kept of a label value that a peer chose. */
const LABEL_LENGTH = 256;

/**
 * A report as metrics in the text format of Prometheus, under the names of blackbox_exporter where it has them, so that
 * dashboards and alerts go on working. Durations are seconds, times Unix seconds.
 */
export async function probeMetrics(report: ProbeReport): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  const told = telling(report);
  gauge(registry, 'probe_success', 'Displays whether or not the probe was a success (1 also when degraded)').set(
    report.verdict === 'failed' ? 0 : 1,
  );
  gauge(registry, 'probe_degraded', 'Mail flows, but something is wrong: see probe_failure_info').set(
    Number(report.verdict === 'degraded'),
  );
  const seconds = gauge(registry, 'probe_duration_seconds', 'Returns how long the probe took to complete in seconds');
  seconds.set(report.durationMs / 1000);
  addFault(registry, report);
  addAddresses(registry, report.attempts);
  if (told !== undefined) {
    addStages(registry, told);
    addTls(registry, told, report.attempts);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** The attempt that the answer rests on: the first with the fault of the report, else the first. */
function telling({ attempts, errorType, cause }: ProbeReport): ProbeAttempt | undefined {
  return attempts.find((one) => one.errorType === errorType && one.cause === cause) ?? attempts[0];
}

function addFault(registry: Registry, report: ProbeReport): void {
  if (report.errorType === null) return;
  const labels = {
    error_type: report.errorType,
    cause: report.cause ?? '',
    stage: report.stage ?? '',
    owner: report.owner,
  };
  const help = 'What broke, why, at which stage and who must act; only there when something did';
  gauge(registry, 'probe_failure_info', help, Object.keys(labels)).set(labels, 1);
}

function addAddresses(registry: Registry, attempts: readonly ProbeAttempt[]): void {
  if (attempts.length === 0) return;
  const help = 'Whether the address takes mail (1 also when degraded), one series an address that was tried';
  const address = gauge(registry, 'probe_smtp_address_success', help, ['host', 'ip']);
  for (const { host, ip, verdict } of attempts)
    address.set({ host: host.slice(0, LABEL_LENGTH), ip: ip ?? '' }, Number(verdict !== 'failed'));
}

function addStages(registry: Registry, { timingsMs, ip }: ProbeAttempt): void {
  const { total: _, ...stages } = timingsMs;
  const stage = gauge(
    registry,
    'probe_smtp_stage_duration_seconds',
    'Duration of each stage of the SMTP conversation',
    ['stage'],
  );
  for (const [name, ms] of Object.entries(stages)) if (ms !== null) stage.set({ stage: name }, ms / 1000);
  const dns = 'Returns the time taken for probe dns lookup in seconds';
  gauge(registry, 'probe_dns_lookup_time_seconds', dns).set((timingsMs.dns ?? 0) / 1000);
  if (ip === null) return;
  const protocol = 'Specifies whether probe ip protocol is IP4 or IP6';
  gauge(registry, 'probe_ip_protocol', protocol).set(isIPv6(ip) ? 6 : 4);
}

function addTls(registry: Registry, { tls, certificate }: ProbeAttempt, attempts: readonly ProbeAttempt[]): void {
  if (tls.protocol !== null) {
    const version = tls.protocol.replace(/^TLSv1$/, 'TLS 1.0').replace(/^TLSv/, 'TLS ');
    gauge(registry, 'probe_tls_version_info', 'Returns the TLS version used or NaN when unknown', ['version']).set(
      { version },
      1,
    );
  }
  if (tls.cipher !== null) {
    gauge(registry, 'probe_tls_cipher_info', 'Returns the TLS cipher negotiated during handshake', ['cipher']).set(
      { cipher: tls.cipher },
      1,
    );
  }
  const ends = attempts
    .flatMap((attempt) => attempt.certificate?.chain ?? [])
    .map(({ validTo }) => Date.parse(validTo) / 1000)
    .filter(Number.isFinite);
  if (ends.length > 0) {
    const help = 'Returns last SSL chain expiry in unixtime of the earliest certificate that any address showed';
    gauge(registry, 'probe_ssl_earliest_cert_expiry', help).set(Math.min(...ends));
  }
  const leaf = certificate?.chain[0];
  if (certificate === null || leaf === undefined) return;
  const labels = {
    fingerprint_sha256: leaf.sha256.replaceAll(':', '').toLowerCase(),
    subject: certificate.subject.slice(0, LABEL_LENGTH),
    issuer: certificate.issuer.slice(0, LABEL_LENGTH),
    subjectalternative: certificate.altNames.join(',').slice(0, LABEL_LENGTH),
  };
  const help = 'Contains SSL leaf certificate information';
  gauge(registry, 'probe_ssl_last_chain_info', help, Object.keys(labels)).set(labels, 1);
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[] = []): Gauge {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}
