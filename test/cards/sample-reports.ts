import type { Diagnosis } from '../../src/analysis/diagnosis.ts';
import type { TraceReport } from '../../src/analysis/trace/report.ts';
import { emptyPeerReport } from '../../src/peer/empty-report.ts';
import type { PeerReport } from '../../src/peer/report.ts';
import type { ProbeAttempt, ProbeReport } from '../../src/probe/report.ts';
import { madeAttempt, NO_TIMES, NO_TLS } from '../probe/made-attempts.ts';

/** Reports of the shapes that the cores give, for the cards' tests: the cases of CARDS.md. */

export function attempt(over: Partial<ProbeAttempt> = {}): ProbeAttempt {
  return madeAttempt({
    host: 'mx2.contoso.example',
    ip: '203.0.113.11',
    summary: 'accepts mail',
    lastReply: { code: '250', enhanced: '2.1.5', text: 'Recipient OK' },
    timingsMs: {
      dns: 8,
      connect: 20,
      banner: 22,
      ehlo: 19,
      starttls: 18,
      tls: 33,
      mail: 10,
      rcpt: 10,
      data: null,
      total: 140,
    },
    banner: { text: 'mx2.contoso.example ESMTP', serverName: 'mx2.contoso.example' },
    capabilities: ['PIPELINING', 'STARTTLS'],
    capabilitiesBeforeTls: ['PIPELINING', 'STARTTLS'],
    tls: {
      ...NO_TLS,
      offered: true,
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      authorized: true,
    },
    transcript: [
      { at: 30, dir: 'S', text: '220 mx2.contoso.example ESMTP' },
      { at: 31, dir: 'C', text: 'EHLO probe.fabrikam.example' },
    ],
    ...over,
  });
}

export function expiredAttempt(): ProbeAttempt {
  return attempt({
    host: 'mx1.contoso.example',
    ip: '203.0.113.10',
    verdict: 'failed',
    errorType: 'CertificateFailure',
    cause: 'expired',
    stage: 'certificate',
    owner: 'recipient',
    summary: 'certificate expired 3 days ago',
    lastReply: { code: '220', enhanced: '2.0.0', text: 'SMTP server ready' },
    timingsMs: {
      dns: 8,
      connect: 21,
      banner: 30,
      ehlo: 33,
      starttls: 36,
      tls: 71,
      mail: null,
      rcpt: null,
      data: null,
      total: 412,
    },
    certificate: {
      subject: 'CN=mail.contoso.example',
      issuer: 'CN=Example CA',
      altNames: ['mail.contoso.example', 'mx1.contoso.example'],
      validFrom: '2025-11-17T00:00:00.000Z',
      validTo: '2026-11-17T23:59:59.000Z',
      chain: [
        {
          subject: 'CN=mail.contoso.example',
          issuer: 'CN=Example CA',
          validTo: '2026-11-17T23:59:59.000Z',
          sha256: 'AB:CD:EF:01:23',
          bits: 2048,
        },
      ],
    },
  });
}

export function probeReport(over: Partial<ProbeReport> = {}): ProbeReport {
  return {
    target: 'contoso.example',
    verdict: 'failed',
    errorType: 'CertificateFailure',
    cause: 'expired',
    stage: 'certificate',
    owner: 'recipient',
    summary: 'contoso.example cannot receive mail: certificate expired 3 days ago',
    mitigation: [
      'Renew the certificate bound to SMTP on mx1.contoso.example (CN mail.contoso.example, expired 17 Nov 2026)',
      'Re-run the hybrid wizard if Office 365 sends here by connector (thumbprint changed)',
      'Probe again: the TLS stage must turn green',
    ],
    runbooks: [{ title: 'CertificateFailure', url: 'https://runbooks.contoso.example/certificate-failure' }],
    mx: [
      { host: 'mx1.contoso.example', preference: 10 },
      { host: 'mx2.contoso.example', preference: 20 },
    ],
    attempts: [expiredAttempt(), attempt()],
    probeId: 'mm0123456789',
    search: { helo: 'mm0123456789.probe.fabrikam.example', messageId: null, subject: null, lines: [] },
    dnssec: 'insecure',
    control: null,
    correlation: null,
    rounds: { total: 1, failed: 1, degraded: 0 },
    lastGood: null,
    startedAt: '2026-11-20T12:04:31.000Z',
    durationMs: 412,
    ...over,
  };
}

export function okReport(): ProbeReport {
  return probeReport({
    verdict: 'ok',
    errorType: null,
    cause: null,
    stage: null,
    owner: 'none',
    summary: 'contoso.example receives mail: 2 of 2 addresses accept it',
    mitigation: [],
    runbooks: [],
    attempts: [attempt({ host: 'mx1.contoso.example', ip: '203.0.113.10' }), attempt()],
  });
}

export function degradedReport(): ProbeReport {
  const refused = attempt({
    host: 'mx1.contoso.example',
    ip: '203.0.113.10',
    verdict: 'failed',
    errorType: 'UnableToConnect',
    cause: 'refused',
    stage: 'connect',
    owner: 'network',
    lastReply: null,
    banner: null,
    capabilities: [],
    capabilitiesBeforeTls: null,
    transcript: [],
    timingsMs: { ...NO_TIMES, dns: 8, total: 31 },
    tls: NO_TLS,
  });
  return probeReport({
    verdict: 'degraded',
    errorType: 'UnableToConnect',
    cause: 'refused',
    stage: 'connect',
    owner: 'network',
    summary: '1 of 2 addresses refuses: senders see intermittent delay',
    mitigation: ['Open port 25 on mx1.contoso.example (203.0.113.10) for every Exchange Online range'],
    attempts: [refused, attempt()],
  });
}

export function diagnosis(over: Partial<Diagnosis> = {}): Diagnosis {
  return {
    errorType: 'UnableToConnect',
    cause: 'refused',
    owner: 'network',
    confidence: 0.95,
    permanent: false,
    reply: { code: '450', enhanced: '4.4.316', text: 'Connection refused [Message=Socket error code 10061]' },
    issuer: 'exchange-online',
    remoteHost: 'smtp.tailspintoys.example',
    remoteIp: '203.0.113.139',
    recipient: 'kim@tailspintoys.example',
    explanation:
      'Office 365 cannot reach smtp.tailspintoys.example (203.0.113.139): connection refused. Most likely the firewall lets some addresses in but not all of Exchange Online.',
    mitigation: [
      "Compare the firewall's list with the published Exchange Online ranges",
      'Look for 104.47.34.97 in the receive log',
      'When fixed, the queue drains within about 15 minutes',
    ],
    runbooks: [{ title: 'UnableToConnect', url: 'file:///opt/mailmedic/docs/runbooks/unable-to-connect.md' }],
    evidence: [
      { kind: 'code', text: '450 4.4.316' },
      { kind: 'socket-error', text: 'Socket error code 10061' },
    ],
    next: ['Does your firewall allow every Exchange Online range?'],
    ...over,
  };
}

export function traceReport(over: Partial<TraceReport> = {}): TraceReport {
  return {
    files: [{ name: 'trace.csv', format: 'exo-extended-trace', encoding: 'UTF-16LE', rows: 48211, skipped: 2 }],
    rows: 48211,
    messages: 3020,
    delivered: 2928,
    partlyDelivered: 0,
    delayedThenDelivered: 212,
    failed: 0,
    pending: 92,
    expanded: 0,
    deferEvents: 1816,
    sessions: 0,
    errors: [
      {
        errorType: 'ConnectionLost',
        cause: 'reset',
        owner: 'recipient',
        count: 1802,
        code: '421',
        enhanced: '4.4.2',
        servers: Array.from({ length: 14 }, (_, n) => `BN3PR07MB${1000 + n}`),
        ips: ['203.0.113.139'],
        connectors: ['To on-premises'],
        first: '2026-11-01T00:03:00.000Z',
        last: '2026-11-03T21:10:00.000Z',
        example: '421 4.4.2 Connection dropped due to SocketError',
      },
    ],
    latency: { p50: 1.2, p95: 843, max: 8207.154, byStage: [{ stage: 'queue', p50: 0.4, p95: 800, max: 8100 }] },
    concentration: {
      dimension: 'sendingServer',
      value: 'BN3PR07MB1000, BN3PR07MB1001 and 12 more',
      share: 1,
      verdict:
        'every failure came from 14 of 31 sending servers; the other 17 always worked (chance of that by accident < 0.01 %)',
    },
    timeline: [],
    queues: [],
    recipientOutcomes: { delivered: 2928, failed: 0, pending: 92, expanded: 0 },
    first: '2026-11-01T00:00:01.000Z',
    last: '2026-11-03T23:59:00.000Z',
    problems: [{ file: 'trace.csv', line: 118, reason: 'quote without an end' }],
    partial: false,
    ...over,
  };
}

export function peerReport(over: Partial<PeerReport> = {}): PeerReport {
  return {
    ...emptyPeerReport('contoso.example', 'domain', '2026-11-20T12:00:00.000Z'),
    pending: [],
    target: 'contoso.example',
    kind: 'domain',
    mx: [
      { host: 'mx1.contoso.example', preference: 10, addresses: ['203.0.113.10'] },
      { host: 'mx2.contoso.example', preference: 20, addresses: ['203.0.113.11', '2001:db8::11'] },
    ],
    addresses: ['203.0.113.10', '203.0.113.11', '2001:db8::11'],
    ptr: [
      { ip: '203.0.113.10', names: ['mx1.contoso.example'], confirmed: true },
      { ip: '203.0.113.11', names: [], confirmed: false },
    ],
    findings: [{ severity: 'warning', text: '203.0.113.11 has no PTR record: some receivers refuse its mail' }],
    summary: '2 MX hosts, 3 addresses; 1 address has no reverse name',
    ...over,
  };
}
