import type { CertificateSpec } from '../certificates.ts';
import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { mailScript } from '../servers/scripts.ts';
import { exim, postfix, type ServerSpec, scripted } from '../servers/server.ts';

/** Node takes keys and signatures that Debian's OpenSSL refuses to load. */
const weak = (certificate: CertificateSpec): ServerSpec =>
  scripted(mailScript({ tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } }), { certificate });

const FAULTS: readonly (readonly [name: string, cause: string | readonly string[], server: ServerSpec])[] = [
  ['expired', 'expired', postfix({}, { certificate: { fromDays: -90, toDays: -3 } })],
  ['not-yet-valid', 'not-yet-valid', postfix({}, { certificate: { fromDays: 2, toDays: 90 } })],
  ['name-mismatch', 'name-mismatch', postfix({}, { certificate: { names: ['mail.contoso.example'] } })],
  ['self-signed', 'self-signed', postfix({}, { certificate: { by: 'self' } })],
  ['untrusted', 'untrusted', postfix({}, { certificate: { by: 'stranger', sendRoot: true } })],
  ['incomplete-chain', 'incomplete-chain', postfix({}, { certificate: { by: 'missing' } })],
  ['weak-key', 'weak-key', weak({ rsaBits: 1024 })],
  ['sha1-signature', 'weak-key', weak({ by: 'sha1' })],
];

/** Certificates that a sender with an eye for them would refuse: most do not, so mail flows. */
export const certificates: Scenario[] = [
  ...FAULTS.map(([name, cause, mx]) =>
    scenario('certificates', `certificate-${name}`, {
      servers: { mx },
      expect: degraded('CertificateFailure', cause, 'certificate', 'recipient', { 'attempts.0.tls.offered': true }),
    }),
  ),
  ...FAULTS.map(([name, cause, mx]) =>
    scenario('certificates', `required-${name}`, {
      servers: { mx },
      args: ['{domain}', '--tls', 'require'],
      expect: failed('CertificateFailure', cause, 'certificate', 'recipient'),
    }),
  ),
  scenario('certificates', 'exim-expired', {
    needs: ['users'],
    servers: { mx: exim({ certificate: { fromDays: -90, toDays: -3 } }) },
    expect: degraded('CertificateFailure', 'expired', 'certificate', 'recipient', {
      'attempts.0.tls.authorized': false,
      'attempts.0.certificate.subject': /mx\.exim-expired/,
    }),
  }),
  scenario('certificates', 'smtps-self-signed', {
    servers: {
      mx: postfix({ smtpd_tls_wrappermode: 'yes' }, { port: 465, certificate: { by: 'self' } }),
    },
    args: ['mx.{domain}:465', '--tls', 'implicit'],
    expect: {
      ...degraded('CertificateFailure', 'self-signed', 'certificate', 'recipient'),
      verdict: ['degraded', 'failed'],
    },
  }),
  scenario('certificates', 'ends-in-five-days', {
    servers: { mx: postfix({}, { certificate: { toDays: 5.5 } }) },
    expect: ok({ 'attempts.0.notes': /\b5 days/ }),
  }),
  // Exim without a certificate makes one up.
  scenario('certificates', 'exim-own-certificate', {
    needs: ['users'],
    servers: { mx: exim({ certificate: 'none', main: ['tls_advertise_hosts = *'] }) },
    expect: degraded('CertificateFailure', ['self-signed', 'name-mismatch'], 'certificate', 'recipient'),
  }),
];
