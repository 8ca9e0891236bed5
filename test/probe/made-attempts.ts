import type { ProbeAttempt } from '../../src/probe/report.ts';
import type { Path } from '../../src/probe/route/path.ts';
import type { ErrorType, Owner, Stage } from '../../src/vocabulary.ts';

/** Attempts made by hand, for what is decided over several of them. */

/** No stage was reached. */
export const NO_TIMES: ProbeAttempt['timingsMs'] = {
  dns: 1,
  connect: null,
  banner: null,
  ehlo: null,
  starttls: null,
  tls: null,
  mail: null,
  rcpt: null,
  data: null,
  total: 1,
};

/** TLS was not come to. */
export const NO_TLS: ProbeAttempt['tls'] = {
  offered: null,
  protocol: null,
  cipher: null,
  authorized: null,
  dane: null,
  mtaSts: null,
  trust: [],
  scan: null,
};

/** An attempt that is ok unless told otherwise. */
export function madeAttempt(over: Partial<ProbeAttempt> = {}): ProbeAttempt {
  return {
    host: 'mx1.d.example',
    ip: '203.0.113.1',
    port: 25,
    verdict: 'ok',
    errorType: null,
    cause: null,
    stage: null,
    owner: 'none',
    summary: `${over.host ?? 'mx1.d.example'} (${over.ip ?? '203.0.113.1'}): as made.`,
    lastReply: null,
    timingsMs: NO_TIMES,
    banner: null,
    replies: [],
    capabilities: [],
    capabilitiesBeforeTls: null,
    auth: null,
    tls: NO_TLS,
    certificate: null,
    transcript: [],
    notes: [],
    ...over,
  };
}

type FaultName =
  | 'refused'
  | 'timeout'
  | 'noroute'
  | 'unreachable'
  | 'blocked'
  | 'expired'
  | '550'
  | '451'
  | 'hung'
  | 'nomx';

const FAULTS: Record<FaultName, [ErrorType, string, Stage, Owner, verdict?: 'degraded']> = {
  refused: ['UnableToConnect', 'refused', 'connect', 'network'],
  timeout: ['UnableToConnect', 'timeout', 'connect', 'network'],
  noroute: ['UnableToConnect', 'unreachable', 'connect', 'network'],
  unreachable: ['UnableToConnect', 'unreachable', 'connect', 'network'],
  blocked: ['UnableToConnect', 'blocked-egress', 'connect', 'none'],
  expired: ['CertificateFailure', 'expired', 'certificate', 'recipient', 'degraded'],
  '550': ['RecipientRejected', 'unknown', 'rcpt', 'recipient'],
  '451': ['ServerBusy', 'throttled', 'mail', 'recipient'],
  hung: ['ProbeTimeout', 'banner', 'banner', 'network'],
  nomx: ['DnsFailure', 'no-address', 'dns', 'dns'],
};

/** `10 203.0.113.1 refused`: preference, address (`-` for a host without one), what came of it. */
export function madePath(spec: string): Path {
  const [preference = '', ip = '', state = ''] = spec.split(' ');
  const fault = FAULTS[state as FaultName];
  const at = { host: `mx${preference}.d.example`, ip: ip === '-' ? null : ip };
  if (fault === undefined) return { report: madeAttempt(at), endsDelivery: false, preference: Number(preference) };
  const [errorType, cause, stage, owner, verdict = 'failed'] = fault;
  const summary = `${at.host} (${ip}): ${state}.`;
  return {
    report: madeAttempt({ ...at, verdict, errorType, cause, stage, owner, summary }),
    endsDelivery: state === '550',
    noRoute: state === 'noroute',
    preference: Number(preference),
  };
}
