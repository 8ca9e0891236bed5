import { failed, ok, type Scenario, scenario } from '../scenario.ts';
import { mailScript, type Turn } from '../servers/scripts.ts';
import { type EximSpec, exim, type ScriptedSpec, scripted } from '../servers/server.ts';

const env = {
  MAILMEDIC_PROBE_AUTH_USER: 'monitor@contoso.example',
  MAILMEDIC_PROBE_AUTH_PASSWORD: 'not-a-real-secret',
  MAILMEDIC_PROBE_AUTH_HOSTS: '.plain.example',
};
/** The secret appears nowhere, as it is or as SASL sends it. */
const UNSAID = new RegExp(
  `^(?!.*(?:not-a-real-secret|${Buffer.from(`\0${env.MAILMEDIC_PROBE_AUTH_USER}\0${env.MAILMEDIC_PROBE_AUTH_PASSWORD}`).toString('base64')}))`,
);
const submission = (mechanisms: string, auth: Turn): { mx: ScriptedSpec } => ({
  mx: scripted(mailScript({ capabilities: ['SIZE', ...(mechanisms ? [`AUTH ${mechanisms}`] : [])], auth }), {
    certificate: {},
    port: 587,
  }),
});
/** Real logging in, offered inside TLS only. */
const eximWith = (name: string, driver: readonly string[]): { mx: EximSpec } => ({
  mx: exim({
    port: 587,
    main: [`auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}`],
    authenticators: [`${name}_server:`, '  driver = plaintext', `  public_name = ${name.toUpperCase()}`, ...driver],
  }),
});
const CHECK = (user: string, password: string): string =>
  `  server_condition = \${if and{{eq{${user}}{${env.MAILMEDIC_PROBE_AUTH_USER}}}{eq{${password}}{${env.MAILMEDIC_PROBE_AUTH_PASSWORD}}}}}`;
const PLAIN = ['  server_prompts = :', CHECK('$auth2', '$auth3')];
const LOGIN = ['  server_prompts = Username:: : Password::', CHECK('$auth1', '$auth2')];
const args = ['mx.{domain}:587', '--auth', 'plain', '--to', 'kim@{domain}'];

/** Logging in at a submission port. */
export const auth: Scenario[] = [
  scenario('auth', 'auth-accepted', {
    servers: submission('PLAIN LOGIN', '235 2.7.0 Authentication successful'),
    env,
    args,
    expect: ok({ 'attempts.0.auth.accepted': true, attempts: UNSAID }),
  }),
  scenario('auth', 'auth-rejected', {
    servers: submission('PLAIN LOGIN', '535 5.7.8 Error: authentication failed'),
    env,
    args,
    expect: failed('AuthFailure', 'rejected', 'auth', 'sender', { 'attempts.0.auth.accepted': false }),
  }),
  scenario('auth', 'auth-switched-off', {
    servers: submission(
      'PLAIN LOGIN',
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    ),
    env,
    args,
    expect: failed('AuthFailure', 'disabled', 'auth', 'sender'),
  }),
  scenario('auth', 'auth-not-offered', {
    servers: submission('', '503 5.5.1 not enabled'),
    env,
    args,
    expect: failed('AuthFailure', 'disabled', 'auth', ['recipient', 'sender']),
  }),
  scenario('auth', 'exim-plain', {
    needs: ['users'],
    servers: eximWith('plain', PLAIN),
    env,
    args,
    expect: ok({ 'attempts.0.auth.accepted': true, attempts: UNSAID }),
  }),
  scenario('auth', 'exim-login', {
    needs: ['users'],
    servers: eximWith('login', LOGIN),
    env,
    args: ['mx.{domain}:587', '--auth', 'login', '--to', 'kim@{domain}'],
    expect: ok({ 'attempts.0.auth.accepted': true, attempts: UNSAID }),
  }),
  scenario('auth', 'exim-wrong-password', {
    needs: ['users'],
    servers: eximWith('plain', PLAIN),
    env: { ...env, MAILMEDIC_PROBE_AUTH_PASSWORD: 'something-else' },
    args,
    expect: failed('AuthFailure', 'rejected', 'auth', 'sender', { 'attempts.0.auth.accepted': false }),
  }),
  scenario('auth', 'exim-other-mechanism', {
    needs: ['users'],
    servers: eximWith('login', LOGIN),
    env,
    args,
    expect: failed('AuthFailure', 'disabled', 'auth', ['recipient', 'sender']),
  }),
  // A password goes to nobody whose certificate does not hold.
  scenario('auth', 'exim-self-signed', {
    needs: ['users'],
    servers: { mx: { ...eximWith('plain', PLAIN).mx, certificate: { by: 'self' } } },
    env,
    args,
    expect: failed('CertificateFailure', 'self-signed', 'certificate', 'recipient', {
      'attempts.0.transcript': /^(?!.*C AUTH)(?!.*"AUTH )/,
    }),
  }),
];
