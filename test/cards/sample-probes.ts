import type { ProbeAttempt, ProbeReport } from '../../src/probe/report.ts';
import { attempt, degradedReport, expiredAttempt, okReport, probeReport } from './sample-reports.ts';

/** Reports of whole probes, one a thing that a card can show: for tests of words, of hostile text and of the drawing. */

type Trust = ProbeAttempt['tls']['trust'];

const TRUSTED: Trust = [
  { model: 'opportunistic', state: 'ok', delivers: true, words: 'Delivers: TLS came up.' },
  { model: 'pkix', state: 'ok', delivers: true, words: 'Delivers: the certificate is trusted and carries the name.' },
  { model: 'dane', state: 'ok', delivers: true, words: 'Delivers: TLSA 3 1 1 matches.' },
  { model: 'mta-sts', state: 'ok', delivers: true, words: 'Delivers: the policy (enforce) lists this host.' },
];

const EXPIRED_TRUST: Trust = [
  { model: 'opportunistic', state: 'ok', delivers: true, words: 'Delivers: it does not look at the certificate.' },
  { model: 'pkix', state: 'expired', delivers: false, words: 'Refuses: the certificate expired 3 days ago.' },
  {
    model: 'dane',
    state: 'dane-mismatch',
    delivers: false,
    words: 'Refuses: TLSA 3 1 1 names another key (seen f3c1…, published 9a04…).',
  },
  { model: 'mta-sts', state: 'none', delivers: null, words: 'The domain publishes no policy.' },
];

const LINES: ProbeReport['search']['lines'] = [
  {
    label: 'Exchange Server, receive protocol log (Exchange Management Shell)',
    text: 'Select-String -Path "$env:ExchangeInstallPath\\TransportRoles\\Logs\\FrontEnd\\ProtocolLog\\SmtpReceive\\*" -Pattern mm0123456789',
  },
  { label: 'Postfix or Exim', text: 'grep mm0123456789 /var/log/mail.log' },
];

const REPLIES: ProbeAttempt['replies'] = [
  { stage: 'banner', code: '220', firstByteMs: 21.7, lastByteMs: 21.8 },
  { stage: 'ehlo', code: '250', firstByteMs: 18.9, lastByteMs: 19.2 },
  { stage: 'starttls', code: '220', firstByteMs: 17.9, lastByteMs: 17.9 },
];

const TRANSCRIPT: ProbeAttempt['transcript'] = [
  { at: 29, dir: '*', text: 'connected to 203.0.113.10 port 25' },
  { at: 51, dir: 'S', text: '220 mx1.contoso.example ESMTP Postfix' },
  { at: 51, dir: 'C', text: 'EHLO mm0123456789.probe.fabrikam.example' },
  { at: 70, dir: 'S', text: '250-mx1.contoso.example' },
  { at: 70, dir: 'S', text: '250-PIPELINING' },
  { at: 70, dir: 'S', text: '250 STARTTLS' },
];

function certified(over: Partial<ProbeAttempt> = {}): ProbeAttempt {
  const certificate = expiredAttempt().certificate;
  return attempt({
    host: 'mx1.contoso.example',
    ip: '203.0.113.10',
    banner: { text: 'mx1.contoso.example ESMTP Postfix', serverName: 'mx1.contoso.example' },
    replies: REPLIES,
    transcript: TRANSCRIPT,
    tls: { ...attempt().tls, dane: 'match', mtaSts: 'match', trust: TRUSTED },
    certificate: certificate === null ? null : { ...certificate, validTo: '2027-02-15T23:59:59.000Z' },
    ...over,
  });
}

export function healthyReport(): ProbeReport {
  return {
    ...okReport(),
    summary: 'contoso.example takes mail: mx1.contoso.example (203.0.113.10) accepts TLS 1.3 with a valid certificate.',
    attempts: [certified()],
    search: { helo: 'mm0123456789.probe.fabrikam.example', messageId: null, subject: null, lines: LINES },
    dnssec: 'secure',
    rounds: { total: 1, failed: 0, degraded: 0 },
    lastGood: { at: '2026-11-14T09:12:00.000Z', changes: [] },
  };
}

export function daneMismatchReport(): ProbeReport {
  const mismatch = expiredAttempt();
  return probeReport({
    verdict: 'degraded',
    cause: 'dane-mismatch',
    summary:
      'mx1.contoso.example (203.0.113.10): the certificate does not match the TLSA record, and it expired 3 days ago.',
    mitigation: [
      'Publish a TLSA record for the new key, or put the old key back: `_25._tcp.mx1.contoso.example`',
      'Renew the certificate bound to SMTP on mx1.contoso.example (CN mail.contoso.example, expired 17 Nov 2026)',
      'Probe again: the TLS stage must turn green',
    ],
    attempts: [
      {
        ...mismatch,
        verdict: 'degraded',
        cause: 'dane-mismatch',
        replies: REPLIES,
        transcript: TRANSCRIPT,
        tls: { ...mismatch.tls, authorized: false, dane: 'mismatch', mtaSts: 'none', trust: EXPIRED_TRUST },
        notes: ['The chain holds a certificate that is not needed.'],
      },
    ],
    search: { helo: 'mm0123456789.probe.fabrikam.example', messageId: null, subject: null, lines: LINES },
    dnssec: 'secure',
    rounds: { total: 1, failed: 0, degraded: 1 },
    lastGood: {
      at: '2026-11-14T09:12:00.000Z',
      changes: [
        'certificate renewed (issued yesterday, valid to 17 Feb 2027)',
        'DANE now mismatch, was match',
        'banner host differs: mx1b.contoso.example, was mx1.contoso.example',
      ],
    },
  });
}

export function blockedEgressReport(): ProbeReport {
  const [refused] = degradedReport().attempts;
  const timeout: ProbeAttempt = {
    ...(refused ?? attempt()),
    cause: 'timeout',
    summary: 'mx1.contoso.example (203.0.113.10): no answer within 15 s.',
    timingsMs: { ...(refused ?? attempt()).timingsMs, connect: 15_000, total: 15_008 },
    transcript: [],
  };
  return probeReport({
    errorType: 'UnableToConnect',
    cause: 'blocked-egress',
    stage: 'connect',
    owner: 'network',
    summary: 'This host cannot reach port 25 anywhere: the control target gmail-smtp-in.l.google.com fails too.',
    mitigation: [
      'Ask whoever runs the network of this host to open TCP port 25 outbound; many cloud providers block it by default',
      'Until then probe from a host that may send mail, or a submission port: `--port 587`',
    ],
    attempts: [timeout, { ...timeout, host: 'mx2.contoso.example', ip: '2001:db8::11' }],
    control: {
      target: 'gmail-smtp-in.l.google.com',
      reachable: false,
      words: 'The control target gmail-smtp-in.l.google.com fails too: no answer within 5 s.',
    },
    durationMs: 30_400,
  });
}

export function scanReport(): ProbeReport {
  const report = healthyReport();
  const scan: NonNullable<ProbeAttempt['tls']['scan']> = [
    { protocol: 'TLSv1', accepted: true, cipher: 'ECDHE-RSA-AES256-SHA', error: null },
    { protocol: 'TLSv1.1', accepted: false, cipher: null, error: 'refused: protocol version' },
    { protocol: 'TLSv1.2', accepted: true, cipher: 'ECDHE-RSA-AES256-GCM-SHA384', error: null },
    { protocol: 'TLSv1.3', accepted: false, cipher: null, error: 'could not be asked: 421 too many connections' },
  ];
  return { ...report, attempts: report.attempts.map((one) => ({ ...one, tls: { ...one.tls, scan } })), lastGood: null };
}

export function repeatReport(): ProbeReport {
  const bad = attempt({
    host: 'contoso.mail.example',
    ip: '203.0.113.20',
    verdict: 'failed',
    errorType: 'TlsHandshakeFailure',
    cause: 'reset',
    stage: 'tls',
    owner: 'service',
    lastReply: { code: '220', enhanced: '2.0.0', text: 'SMTP server ready' },
    banner: { text: 'FT013.mail.example Microsoft ESMTP MAIL Service', serverName: 'FT013.mail.example' },
    timingsMs: { ...attempt().timingsMs, mail: null, rcpt: null, tls: 41, total: 96 },
    tls: { ...attempt().tls, protocol: null, cipher: null, authorized: null },
  });
  const good = attempt({
    host: 'contoso.mail.example',
    ip: '203.0.113.20',
    banner: { text: 'FT014.mail.example', serverName: 'FT014.mail.example' },
  });
  return probeReport({
    target: 'contoso.mail.example',
    verdict: 'degraded',
    errorType: 'TlsHandshakeFailure',
    cause: 'reset',
    stage: 'tls',
    owner: 'service',
    summary: '4 of 10 rounds fail: contoso.mail.example (203.0.113.20) resets the connection in the TLS handshake.',
    mitigation: [
      'Take FT013 out of rotation, or compare its build and TLS settings with the others',
      'Probe again with `--repeat 20`: no round may fail',
    ],
    mx: [],
    attempts: [bad, good, good, bad, good, bad, good, good, bad, good],
    correlation: {
      what: 'server name',
      value: 'FT013.mail.example',
      failed: 4,
      of: 4,
      words:
        'All 4 failures came from FT013.mail.example; the other names never failed (chance of that by accident 0.5 %).',
    },
    rounds: { total: 10, failed: 4, degraded: 0 },
    durationMs: 94_000,
  });
}

export function refusedRecipientReport(): ProbeReport {
  const text = 'Recipient kim@contoso.example not found. AS(201806281) [mx1.contoso.example]';
  const refused = certified({
    verdict: 'failed',
    errorType: 'RecipientRejected',
    cause: 'unknown',
    stage: 'rcpt',
    owner: 'recipient',
    lastReply: { code: '550', enhanced: '5.4.1', text },
  });
  return probeReport({
    target: 'kim@contoso.example',
    errorType: 'RecipientRejected',
    cause: 'unknown',
    stage: 'rcpt',
    summary: 'mx1.contoso.example refuses kim@contoso.example: the mailbox does not exist.',
    mitigation: ['Check the address for a slip', 'Ask the recipient’s admin whether the mailbox was moved or removed'],
    attempts: [refused],
    search: {
      helo: 'mm0123456789.probe.fabrikam.example',
      messageId: '<mm0123456789@probe.fabrikam.example>',
      subject: 'mailmedic probe mm0123456789',
      lines: LINES,
    },
  });
}

/** Every report above by the name of what it shows, with the line that asked for it. */
export const PROBES: readonly { name: string; report: ProbeReport; line: string }[] = [
  { name: 'ok', report: healthyReport(), line: '/probe contoso.example' },
  { name: 'expired', report: probeReport(), line: '/probe contoso.example --tls require' },
  { name: 'dane-mismatch', report: daneMismatchReport(), line: '/probe contoso.example' },
  { name: 'degraded-pool', report: degradedReport(), line: '/probe contoso.example' },
  { name: 'control-unreachable', report: blockedEgressReport(), line: '/probe contoso.example' },
  { name: 'tls-scan', report: scanReport(), line: '/probe contoso.example --tls-scan' },
  { name: 'repeat', report: repeatReport(), line: '/probe contoso.mail.example:25 --repeat 10' },
  { name: 'recipient-refused', report: refusedRecipientReport(), line: '/probe kim@contoso.example' },
];
