import { tlsa } from '../certificates.ts';
import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { exim, postfix } from '../servers/server.ts';
import { policyHost } from '../servers/web.ts';

const RECORD = '_25._tcp.mx';
const OTHER = '00'.repeat(32);
/** RFC 7672 3.1: usage 3 names the leaf, usage 2 an authority that must be in the chain. */
const MATCHING = [
  [3, 1, 1],
  [3, 0, 1],
  [3, 1, 2],
  [3, 1, 0],
  [2, 0, 1],
  [2, 1, 1],
] as const;
const trustOf = (state: string) => ({ 'attempts.0.tls.dane': state });

/** DANE for SMTP (RFC 7672) in a signed zone: the record decides, whatever the certificate looks like otherwise. */
export const dane: Scenario[] = [
  ...MATCHING.map(([usage, selector, matching]) =>
    scenario('dane', `dane-${usage}${selector}${matching}`, {
      zone: 'signed',
      servers: { mx: postfix({}, { certificate: { sendRoot: usage === 2 } }) },
      records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} ${tlsa(mx.issued, usage, selector, matching)}`],
      expect: ok({ ...trustOf('match'), dnssec: 'secure' }),
    }),
  ),
  scenario('dane', 'dane-exim', {
    zone: 'signed',
    needs: ['users'],
    servers: { mx: exim() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} ${tlsa(mx.issued, 3, 1, 1)}`],
    expect: ok(trustOf('match')),
  }),
  scenario('dane', 'dane-rollover', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => [
      '@ MX 10 mx',
      `mx A ${mx.ip}`,
      `${RECORD} TLSA 3 1 1 ${OTHER}`,
      `${RECORD} ${tlsa(mx.issued, 3, 1, 1)}`,
    ],
    expect: ok(trustOf('match')),
  }),
  scenario('dane', 'dane-mismatch', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 3 1 1 ${OTHER}`],
    expect: degraded('CertificateFailure', 'dane-mismatch', 'certificate', 'recipient', trustOf('mismatch')),
  }),
  scenario('dane', 'dane-mismatch-required', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 3 1 1 ${OTHER}`],
    args: ['{domain}', '--tls', 'require'],
    expect: failed('CertificateFailure', 'dane-mismatch', 'certificate', 'recipient', trustOf('mismatch')),
  }),
  scenario('dane', 'dane-mismatch-expired-too', {
    zone: 'signed',
    servers: { mx: postfix({}, { certificate: { fromDays: -90, toDays: -3 } }) },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 3 1 1 ${OTHER}`],
    expect: degraded('CertificateFailure', 'dane-mismatch', 'certificate', 'recipient', trustOf('mismatch')),
  }),
  // RFC 7672 3.1.1: with usage 3 neither names nor dates nor authorities count.
  scenario('dane', 'dane-self-signed', {
    zone: 'signed',
    servers: { mx: postfix({}, { certificate: { by: 'self' } }) },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} ${tlsa(mx.issued, 3, 1, 1)}`],
    expect: ok({ ...trustOf('match'), 'attempts.0.tls.authorized': false }),
  }),
  scenario('dane', 'dane-expired-and-misnamed', {
    zone: 'signed',
    servers: {
      mx: postfix({}, { certificate: { names: ['mail.contoso.example'], fromDays: -90, toDays: -3 } }),
    },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} ${tlsa(mx.issued, 3, 1, 1)}`],
    expect: ok(trustOf('match')),
  }),
  // RFC 7672 3.1.2: with usage 2 the name counts.
  scenario('dane', 'dane-authority-misnamed', {
    zone: 'signed',
    servers: { mx: postfix({}, { certificate: { names: ['mail.contoso.example'], sendRoot: true } }) },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} ${tlsa(mx.issued, 2, 0, 1)}`],
    expect: degraded('CertificateFailure', ['dane-mismatch', 'name-mismatch'], 'certificate', 'recipient', {
      ...trustOf('mismatch'),
    }),
  }),
  scenario('dane', 'dane-unsigned-zone', {
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 3 1 1 ${OTHER}`],
    expect: ok({ 'attempts.0.tls.dane': ['insecure', 'none'] }),
  }),
  // RFC 7672 3.1.3: usages 0 and 1 are not for SMTP.
  scenario('dane', 'dane-unusable', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 1 1 1 ${OTHER}`],
    expect: ok(trustOf('unusable')),
  }),
  scenario('dane', 'dane-none', {
    zone: 'signed',
    servers: { mx: postfix() },
    expect: ok(trustOf('none')),
  }),
  scenario('dane', 'dane-without-starttls', {
    zone: 'signed',
    servers: { mx: postfix({ smtpd_tls_security_level: 'none' }) },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} ${tlsa(mx.issued, 3, 1, 1)}`],
    expect: degraded('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient', { summary: /DANE/ }),
  }),
  scenario('dane', 'dane-mismatch-at-one-of-two', {
    zone: 'signed',
    servers: { good: postfix(), bad: postfix() },
    records: ({ good, bad }) => [
      '@ MX 10 good',
      '@ MX 20 bad',
      `good A ${good.ip}`,
      `bad A ${bad.ip}`,
      `_25._tcp.good ${tlsa(good.issued, 3, 1, 1)}`,
      `_25._tcp.bad ${tlsa(good.issued, 3, 1, 1)}`,
    ],
    args: ['{domain}', '--all'],
    expect: degraded('CertificateFailure', 'dane-mismatch', 'certificate', 'recipient'),
  }),
  // RFC 7672 2.2.2: the record stands at the end of the alias as well as at the MX host's own name.
  scenario('dane', 'dane-mx-alias', {
    zone: 'signed',
    servers: { real: postfix() },
    records: ({ real }) => [
      '@ MX 10 mx',
      'mx CNAME real',
      `real A ${real.ip}`,
      `_25._tcp.real ${tlsa(real.issued, 3, 1, 1)}`,
    ],
    expect: ok(trustOf('match')),
  }),
  scenario('dane', 'dane-record-alias', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} CNAME _dane`, `_dane ${tlsa(mx.issued, 3, 1, 1)}`],
    expect: ok(trustOf('match')),
  }),
  // RFC 7672 2.1.1: a record in a zone that is not signed promises nothing.
  scenario('dane', 'dane-mx-in-unsigned-zone', {
    zone: 'signed',
    records: () => ['@ MX 10 host.dane-elsewhere.plain.example.'],
    expect: ok({ 'attempts.0.tls.dane': ['insecure', 'none'], dnssec: 'insecure' }),
  }),
  // RFC 8461 2: the two live side by side, and each has its own senders.
  scenario('dane', 'dane-match-but-sts-mismatch', {
    zone: 'signed',
    servers: { mx: postfix(), 'mta-sts': policyHost(() => ({ mx: ['mx.contoso.example'] })) },
    records: ({ mx, 'mta-sts': policy }) => [
      '@ MX 10 mx',
      `mx A ${mx.ip}`,
      `${RECORD} ${tlsa(mx.issued, 3, 1, 1)}`,
      '_mta-sts TXT "v=STSv1; id=1;"',
      `mta-sts A ${policy.ip}`,
    ],
    expect: degraded('CertificateFailure', 'mta-sts-mismatch', 'certificate', 'recipient', {
      ...trustOf('match'),
      'attempts.0.tls.mtaSts': 'mismatch',
    }),
  }),
  scenario('dane', 'dane-mismatch-but-sts-match', {
    zone: 'signed',
    servers: { mx: postfix(), 'mta-sts': policyHost((domain) => ({ mx: [`mx.${domain}`] })) },
    records: ({ mx, 'mta-sts': policy }) => [
      '@ MX 10 mx',
      `mx A ${mx.ip}`,
      `${RECORD} TLSA 3 1 1 ${OTHER}`,
      '_mta-sts TXT "v=STSv1; id=1;"',
      `mta-sts A ${policy.ip}`,
    ],
    expect: degraded('CertificateFailure', 'dane-mismatch', 'certificate', 'recipient', {
      ...trustOf('mismatch'),
      'attempts.0.tls.mtaSts': 'match',
    }),
  }),
  // The other half of dane-mx-in-unsigned-zone.
  scenario('dane', 'dane-elsewhere', {
    servers: { host: postfix() },
    records: ({ host }) => ['@ MX 10 host', `host A ${host.ip}`, `_25._tcp.host TLSA 3 1 1 ${OTHER}`],
    expect: ok({ 'attempts.0.tls.dane': ['insecure', 'none'] }),
  }),
  scenario('dane', 'dane-unknown-matching-type', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 3 1 9 ${OTHER}`],
    expect: ok(trustOf('unusable')),
  }),
  // A digest that is too short can match nothing (RFC 6698 2.1.4).
  scenario('dane', 'dane-short-digest', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} TLSA 3 1 1 abcdef`],
    expect: { ...ok({ 'attempts.0.tls.dane': ['unusable', 'mismatch'] }), verdict: ['ok', 'degraded'] },
  }),
  // RFC 7672 2.1: a look-up that fails is no proof that there is no record, so DANE senders keep the mail.
  scenario('dane', 'dane-lookup-fails', {
    zone: 'signed',
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `${RECORD} NS ns.lame.example.`],
    expect: degraded('DnsFailure', ['servfail', 'lookup-failed'], ['certificate', 'dns', 'tls'], ['dns', 'recipient'], {
      'attempts.0.tls.dane': 'unknown',
    }),
  }),
];
