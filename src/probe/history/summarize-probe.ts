import { maskAddress } from '../../log.ts';
import type { ProbedPath, ProbeSummary } from '../../probe-history.ts';
import type { ProbeAttempt, ProbeReport } from '../report.ts';
import type { ProbeRequest } from '../request.ts';

/** Bounds of what is remembered: a summary is one line of a file, and a peer decides what stands in it. */
const MAX_MX_BYTES = 1200;
const MAX_PATHS = 12;
const MAX_CAPABILITIES = 24;
const MAX_NAME = 255;
const MAX_SUMMARY_BYTES = 3800;

/** What was probed and how, mailbox and options apart that change nothing about the server: probes of one key compare. */
export function historyKey(request: ProbeRequest): string {
  const { target, tls, depth } = request;
  const port = request.port ?? ('port' in target ? target.port : undefined) ?? (tls === 'implicit' ? 465 : 25);
  const dialled = request.hostIp === undefined ? '' : ` at ${request.hostIp}`;
  return `${target.kind} ${targetName(request)}${dialled} port ${port} depth ${depth} tls ${tls}`;
}

/** What is worth remembering of a report: names, addresses, certificate and states, bounded, without any mailbox. */
export function summarizeProbe(report: ProbeReport, request: ProbeRequest): ProbeSummary {
  const summary: ProbeSummary = {
    v: 1,
    probeId: short(report.probeId, 64),
    key: historyKey(request),
    at: report.startedAt,
    target: targetName(request),
    verdict: report.verdict,
    errorType: report.errorType,
    cause: report.cause,
    stage: report.stage,
    dnssec: report.dnssec,
    mx: withinBytes([...new Set(report.mx.map(({ host }) => nameOf(host)))], MAX_MX_BYTES),
    everyAddress: request.all,
    paths: pathsOf(report.attempts).slice(0, MAX_PATHS),
  };
  const isTooLong = (): boolean => Buffer.byteLength(JSON.stringify(summary)) > MAX_SUMMARY_BYTES;
  while (summary.paths.length > 1 && isTooLong()) {
    summary.paths.pop();
    // Fewer than were tried: whether an address came or went can no longer be told.
    summary.everyAddress = false;
  }
  if (isTooLong()) for (const path of summary.paths) path.capabilities = [];
  return summary;
}

/** As many from the front as fit: the same names are always cut at the same place, so that they compare. */
function withinBytes(names: readonly string[], max: number): string[] {
  let bytes = 0;
  return names.filter((name) => {
    bytes += Buffer.byteLength(name);
    return bytes <= max;
  });
}

function targetName({ target }: ProbeRequest): string {
  const name = target.kind === 'domain' ? target.domain : target.kind === 'host' ? target.host : target.ip;
  return short(name.toLowerCase().replace(/\.$/, ''));
}

/** One entry an address; of several rounds the one that went best, as that shows most of the server. */
function pathsOf(attempts: readonly ProbeAttempt[]): ProbedPath[] {
  const best = new Map<string, ProbeAttempt>();
  for (const attempt of attempts) {
    if (attempt.ip === null) continue;
    const key = `${attempt.host} ${attempt.ip}`;
    const known = best.get(key);
    if (known === undefined || (known.verdict !== 'ok' && attempt.verdict === 'ok')) best.set(key, attempt);
  }
  return [...best.values()].map(pathOf);
}

function pathOf({ host, ip, banner, tls, certificate, ...attempt }: ProbeAttempt): ProbedPath {
  // What is offered before TLS can be compared whether TLS came up or not.
  const offered = attempt.capabilitiesBeforeTls ?? attempt.capabilities;
  const keywords = offered.map((line) => short(line.split(' ')[0] ?? '', 32).toUpperCase());
  const leaf = certificate?.chain[0];
  return {
    host: nameOf(host),
    ip: short(ip ?? '', 64),
    serverName: banner?.serverName === undefined || banner.serverName === null ? null : short(banner.serverName),
    protocol: tls.protocol,
    cipher: tls.cipher === null ? null : short(tls.cipher, 80),
    capabilities: [...new Set(keywords)].slice(0, MAX_CAPABILITIES),
    certificate:
      certificate === null || leaf === undefined
        ? null
        : {
            subject: short(certificate.subject, 160),
            issuer: short(certificate.issuer, 160),
            sha256: short(leaf.sha256.replaceAll(':', '').toLowerCase(), 64),
            validFrom: short(certificate.validFrom, 40),
            validTo: short(certificate.validTo, 40),
          },
    dane: tls.dane === null ? null : short(tls.dane, 40),
    mtaSts: tls.mtaSts === null ? null : short(tls.mtaSts, 40),
  };
}

/** Names have no case (RFC 4343): one that DNS writes in capitals today is found and compared all the same. */
function nameOf(host: string): string {
  return short(host.toLowerCase());
}

/** Bounded, and with no mailbox in it: a certificate or a greeting may name one. */
function short(text: string, max = MAX_NAME): string {
  return maskAddress(text.slice(0, max));
}
