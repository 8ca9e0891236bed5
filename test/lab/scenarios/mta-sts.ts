import type { CertificateSpec } from '../certificates.ts';
import type { Place } from '../place.ts';
import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { NOBODY, type PostfixSpec, postfix, type ServerSpec } from '../servers/server.ts';
import { type PolicyOptions, policyHost } from '../servers/web.ts';

const NAME = '_mta-sts TXT "v=STSv1; id=20261120T000000;"';
const records = ({ mx, 'mta-sts': policy }: Record<'mx' | 'mta-sts', Place>): string[] => [
  '@ MX 10 mx',
  `mx A ${mx.ip}`,
  NAME,
  `mta-sts A ${policy.ip}`,
];
const servers = (policy: (domain: string) => PolicyOptions, mx: PostfixSpec = postfix()) => ({
  mx,
  'mta-sts': policyHost(policy),
});
const listed = (domain: string): PolicyOptions => ({ mx: [`mx.${domain}`] });
const elsewhere = (): PolicyOptions => ({ mx: ['mx.contoso.example', '*.mail.contoso.example'] });
const state = (name: string | readonly string[]) => ({ 'attempts.0.tls.mtaSts': name });

/** A policy that senders cannot use is as good as none (RFC 8461 5): mail flows, and somebody should be told. */
const broken = (name: string, policy: ServerSpec): Scenario =>
  scenario('mta-sts', `sts-${name}`, {
    servers: { mx: postfix(), 'mta-sts': policy },
    records,
    expect: ok(state('broken')),
  });
const withCertificate = (certificate: CertificateSpec): ServerSpec => policyHost(listed, { certificate });

/** MTA-STS (RFC 8461), with a real policy host. */
export const mtaSts: Scenario[] = [
  scenario('mta-sts', 'sts-enforce', { servers: servers(listed), records, expect: ok(state('match')) }),
  scenario('mta-sts', 'sts-wildcard', {
    servers: servers((domain) => ({ mx: [`*.${domain}`] })),
    records,
    expect: ok(state('match')),
  }),
  scenario('mta-sts', 'sts-not-listed', {
    servers: servers(elsewhere),
    records,
    expect: degraded('CertificateFailure', 'mta-sts-mismatch', 'certificate', 'recipient', state('mismatch')),
  }),
  scenario('mta-sts', 'sts-not-listed-required', {
    servers: servers(elsewhere),
    records,
    args: ['{domain}', '--tls', 'require'],
    expect: failed('CertificateFailure', 'mta-sts-mismatch', 'certificate', 'recipient', state('mismatch')),
  }),
  // RFC 8461 4.1: a wildcard stands for one label.
  scenario('mta-sts', 'sts-wildcard-too-deep', {
    servers: servers(() => ({ mx: ['*.plain.example'] })),
    records,
    expect: degraded('CertificateFailure', 'mta-sts-mismatch', 'certificate', 'recipient', state('mismatch')),
  }),
  scenario('mta-sts', 'sts-expired', {
    servers: servers(listed, postfix({}, { certificate: { fromDays: -90, toDays: -3 } })),
    records,
    expect: degraded('CertificateFailure', ['expired', 'mta-sts-mismatch'], 'certificate', 'recipient', {
      ...state('mismatch'),
      summary: /MTA-STS/,
    }),
  }),
  scenario('mta-sts', 'sts-misnamed', {
    servers: servers(listed, postfix({}, { certificate: { names: ['mail.contoso.example'] } })),
    records,
    expect: degraded('CertificateFailure', ['mta-sts-mismatch', 'name-mismatch'], 'certificate', 'recipient', {
      ...state('mismatch'),
    }),
  }),
  scenario('mta-sts', 'sts-without-starttls', {
    servers: servers(listed, postfix({ smtpd_tls_security_level: 'none' })),
    records,
    expect: degraded('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient', { summary: /MTA-STS/ }),
  }),
  scenario('mta-sts', 'sts-testing-not-listed', {
    servers: servers(() => ({ ...elsewhere(), mode: 'testing' })),
    records,
    expect: ok(state('testing')),
  }),
  scenario('mta-sts', 'sts-testing-match', {
    servers: servers((domain) => ({ ...listed(domain), mode: 'testing' })),
    records,
    expect: ok(state(['match', 'testing'])),
  }),
  // RFC 8461 5: mode none is the way to take a policy back.
  scenario('mta-sts', 'sts-mode-none', {
    servers: servers(() => ({ ...elsewhere(), mode: 'none' })),
    records,
    expect: ok(state('none')),
  }),
  scenario('mta-sts', 'sts-absent', { servers: { mx: postfix() }, expect: ok(state('none')) }),
  // RFC 8461 3.1: with two records a sender must assume that there is no policy.
  scenario('mta-sts', 'sts-two-records', {
    servers: servers(elsewhere),
    records: (places) => [...records(places), '_mta-sts TXT "v=STSv1; id=2;"'],
    expect: ok(state(['broken', 'none'])),
  }),
  broken('policy-host-self-signed', withCertificate({ by: 'self' })),
  broken('policy-host-misnamed', withCertificate({ names: ['www.contoso.example'] })),
  broken('policy-host-expired', withCertificate({ fromDays: -90, toDays: -3 })),
  broken('policy-host-refuses', NOBODY),
  broken(
    'policy-not-found',
    policyHost(() => ({ status: 404, body: 'not found' })),
  ),
  broken(
    'policy-moved',
    policyHost((domain) => ({ status: 301, headers: { location: `https://www.${domain}/` }, body: '' })),
  ),
  broken(
    'policy-malformed',
    policyHost(() => ({ body: '<html>It works!</html>' })),
  ),
  scenario('mta-sts', 'sts-record-alias', {
    servers: servers(listed),
    records: ({ mx, 'mta-sts': policy }) => [
      '@ MX 10 mx',
      `mx A ${mx.ip}`,
      '_mta-sts CNAME policy',
      'policy TXT "v=STSv1; id=7;"',
      `mta-sts A ${policy.ip}`,
    ],
    expect: ok(state('match')),
  }),
  scenario('mta-sts', 'sts-policy-host-missing', {
    servers: { mx: postfix() },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, NAME],
    expect: ok(state('broken')),
  }),
  scenario('mta-sts', 'sts-not-a-record', {
    servers: servers(elsewhere),
    records: ({ mx, 'mta-sts': policy }) => [
      '@ MX 10 mx',
      `mx A ${mx.ip}`,
      '_mta-sts TXT "v=STSv2; id=1;"',
      `mta-sts A ${policy.ip}`,
    ],
    expect: ok(state(['none', 'broken'])),
  }),
  broken('policy-host-hangs', { kind: 'web', port: 443, certificate: {}, answer: () => undefined }),
  broken(
    'policy-too-long',
    policyHost(() => ({ body: 'mx: a.contoso.example\r\n'.repeat(20_000) })),
  ),
];
