import tls from 'node:tls';
import type { Script } from '../../support/hostile-smtp-server.ts';
import type { Place } from '../place.ts';
import { ok, type Scenario, scenario } from '../scenario.ts';
import { mailScript, slowly, type Turn } from '../servers/scripts.ts';
import { exim, postfix, scripted } from '../servers/server.ts';

const submit = ['monitor@{domain}', '--depth', 'submit'];

/** An EHLO answer in the lower case that RFC 5321 2.4 allows; inside TLS it no longer offers TLS. */
const sayOnce: Turn = (peer) => {
  const secure = peer.socket instanceof tls.TLSSocket;
  peer.send(secure ? '250 mx.contoso.example\r\n' : '250-mx.contoso.example\r\n250-pipelining\r\n250 starttls\r\n');
};

/** Shows its certificate only to those who ask for it by name. */
function byName(place: Place): Script {
  const { issued, ...bare } = place;
  if (issued === undefined) throw new Error('this server needs a certificate');
  const context = tls.createSecureContext(issued);
  const answer: NonNullable<tls.TLSSocketOptions['SNICallback']> = (name, callback) =>
    name === place.host ? callback(null, context) : callback(new Error('unknown name'));
  return mailScript({ tls: { SNICallback: answer, key: '', cert: '' } })({ ...bare, issued });
}

/** Nothing is wrong, at real servers and with everything that senders use. */
export const healthy: Scenario[] = [
  scenario('healthy', 'postfix', {
    servers: { mx: postfix() },
    expect: ok({
      'attempts.0.tls.offered': true,
      'attempts.0.tls.protocol': 'TLSv1.3',
      'attempts.0.tls.authorized': true,
      'attempts.0.stage': null,
    }),
  }),
  scenario('healthy', 'postfix-connect', {
    servers: { mx: postfix() },
    args: ['{domain}', '--depth', 'connect'],
    expect: ok({ 'attempts.0.tls.protocol': null }),
  }),
  scenario('healthy', 'postfix-recipient', { servers: { mx: postfix() }, args: ['kim@{domain}'], expect: ok() }),
  scenario('healthy', 'postfix-data', {
    servers: { mx: postfix() },
    args: [...submit, '--chunking', 'data'],
    expect: ok({ 'attempts.0.timingsMs.data': /\d/ }),
  }),
  scenario('healthy', 'postfix-bdat', {
    servers: { mx: postfix() },
    args: [...submit, '--chunking', 'bdat'],
    expect: ok({ 'attempts.0.transcript': /BDAT \d+ LAST/ }),
  }),
  scenario('healthy', 'postfix-submit', { servers: { mx: postfix() }, args: submit, expect: ok() }),
  scenario('healthy', 'postfix-tls-off', {
    servers: { mx: postfix() },
    args: ['kim@{domain}', '--tls', 'off'],
    expect: ok({ 'attempts.0.tls.protocol': null }),
  }),
  scenario('healthy', 'postfix-tls-required', {
    servers: { mx: postfix() },
    args: ['kim@{domain}', '--tls', 'require'],
    expect: ok({ 'attempts.0.tls.authorized': true }),
  }),
  scenario('healthy', 'postfix-wants-tls', {
    servers: { mx: postfix({ smtpd_tls_security_level: 'encrypt' }) },
    args: ['kim@{domain}'],
    expect: ok(),
  }),
  scenario('healthy', 'postfix-pipelining-off', {
    servers: { mx: postfix() },
    args: ['kim@{domain}', '--pipelining', 'off'],
    expect: ok(),
  }),
  scenario('healthy', 'postfix-submission', {
    servers: { mx: postfix({}, { port: 587 }) },
    args: ['mx.{domain}:587'],
    expect: ok({ 'attempts.0.port': 587 }),
  }),
  scenario('healthy', 'postfix-smtps', {
    servers: { mx: postfix({ smtpd_tls_wrappermode: 'yes' }, { port: 465 }) },
    args: ['mx.{domain}:465', '--tls', 'implicit'],
    expect: ok({ 'attempts.0.tls.offered': true, 'attempts.0.tls.authorized': true }),
  }),
  scenario('healthy', 'postfix-intermediate', {
    servers: { mx: postfix({}, { certificate: { by: 'intermediate' } }) },
    expect: ok({ 'attempts.0.tls.authorized': true, 'attempts.0.certificate.chain.1.subject': /Lab Issuing CA/ }),
  }),
  scenario('healthy', 'postfix-wildcard', {
    servers: { mx: postfix({}, { certificate: { names: ['*.postfix-wildcard.plain.example'] } }) },
    expect: ok({ 'attempts.0.tls.authorized': true }),
  }),
  scenario('healthy', 'postfix-tls12', {
    servers: { mx: postfix({ smtpd_tls_protocols: 'TLSv1.2' }) },
    expect: ok({ 'attempts.0.tls.protocol': 'TLSv1.2' }),
  }),
  scenario('healthy', 'postfix-scan', {
    servers: { mx: postfix({ smtpd_tls_protocols: '>=TLSv1.2' }) },
    args: ['{domain}', '--tls-scan'],
    expect: ok({
      'attempts.0.tls.scan.0.accepted': false,
      'attempts.0.tls.scan.1.accepted': false,
      'attempts.0.tls.scan.2.accepted': true,
      'attempts.0.tls.scan.3.accepted': true,
    }),
  }),
  scenario('healthy', 'exim', {
    servers: { mx: exim() },
    expect: ok({ 'attempts.0.tls.authorized': true }),
    needs: ['users'],
  }),
  scenario('healthy', 'exim-bdat', {
    needs: ['users'],
    servers: { mx: exim() },
    args: [...submit, '--chunking', 'bdat'],
    expect: ok({ 'attempts.0.transcript': /BDAT \d+ LAST/ }),
  }),
  scenario('healthy', 'exim-data', {
    needs: ['users'],
    servers: { mx: exim() },
    args: [...submit, '--chunking', 'data'],
    expect: ok(),
  }),
  scenario('healthy', 'exim-smtps', {
    needs: ['users'],
    servers: { mx: exim({ port: 465 }) },
    args: ['mx.{domain}', '--port', '465', '--tls', 'implicit'],
    expect: ok({ 'attempts.0.tls.authorized': true }),
  }),
  // Exim turns away who speaks before the greeting ("554 SMTP synchronization error").
  scenario('healthy', 'exim-slow-greeting', {
    needs: ['users'],
    servers: { mx: exim({ connect: ['  warn delay = 2s'] }) },
    args: ['kim@{domain}'],
    expect: ok(),
  }),
  // The same without PIPELINING: commands sent ahead are refused.
  scenario('healthy', 'exim-lockstep', {
    needs: ['users'],
    servers: { mx: exim({ main: ['pipelining_advertise_hosts ='] }) },
    args: [...submit, '--chunking', 'data'],
    expect: ok(),
  }),
  scenario('healthy', 'opensmtpd', {
    needs: ['users'],
    servers: { mx: { kind: 'opensmtpd' } },
    args: ['kim@{domain}', '--tls', 'off'],
    expect: ok(),
  }),
  scenario('healthy', 'helo-only', {
    servers: { mx: scripted(mailScript({ ehlo: '502 5.5.1 Command not implemented' })) },
    args: ['kim@{domain}', '--tls', 'off'],
    expect: ok({ 'attempts.0.transcript': /HELO / }),
  }),
  scenario('healthy', 'dialled-by-address', {
    servers: { mx: postfix() },
    args: ['mx.{domain}', '--host', '{mx}'],
    expect: ok({ 'attempts.0.tls.authorized': true }),
  }),
  scenario('healthy', 'ipv6-only', {
    needs: ['ipv6'],
    servers: { mx: postfix({}, { ipv6: true }) },
    records: ({ mx }) => ['@ MX 10 mx', `mx AAAA ${mx.ip6}`],
    args: ['kim@{domain}'],
    expect: ok({ 'attempts.0.ip': /^2001:db8:/ }),
  }),
  scenario('healthy', 'dual-stack', {
    needs: ['ipv6'],
    servers: { mx: postfix({}, { ipv6: true }) },
    records: ({ mx }) => ['@ MX 10 mx', `mx A ${mx.ip}`, `mx AAAA ${mx.ip6}`],
    args: ['{domain}', '--all'],
    expect: ok({ 'attempts.length': 2 }),
  }),
  scenario('healthy', 'slow-multi-line-greeting', {
    servers: { mx: scripted(mailScript({ banner: slowly('220-welcome\r\n220 mx.contoso.example ESMTP\r\n', 40) })) },
    args: ['kim@{domain}', '--tls', 'off'],
    expect: ok(),
  }),
  scenario('healthy', 'lower-case-capabilities', {
    servers: { mx: scripted(mailScript({ ehlo: sayOnce }), { certificate: {} }) },
    expect: ok({ 'attempts.0.tls.offered': true, 'attempts.0.tls.authorized': true }),
  }),
  scenario('healthy', 'recipient-forwarded', {
    servers: { mx: scripted(mailScript({ rcpt: '251 2.1.5 User not local; will forward' })) },
    args: ['kim@{domain}', '--tls', 'off'],
    expect: ok(),
  }),
  // RFC 6066 3: the certificate depends on the name that the client asks for.
  scenario('healthy', 'certificate-by-name', {
    servers: { mx: { kind: 'scripted', certificate: {}, script: byName } },
    expect: ok({ 'attempts.0.tls.authorized': true }),
  }),
  // RFC 6531, at a real server.
  scenario('healthy', 'exim-smtputf8', {
    needs: ['users'],
    servers: { mx: exim({ main: ['smtputf8_advertise_hosts = *'] }) },
    args: ['jürgen@{domain}'],
    expect: ok({ 'attempts.0.transcript': /SMTPUTF8/ }),
  }),
  // Postscreen holds back its greeting and turns away who does not wait for it.
  scenario('healthy', 'postfix-postscreen', {
    servers: { mx: postfix({ postscreen_greet_wait: '2s' }, { postscreen: true }) },
    args: ['kim@{domain}'],
    expect: ok({ 'attempts.0.tls.authorized': true }),
  }),
  scenario('healthy', 'ipv6-literal', {
    needs: ['ipv6'],
    servers: { mx: postfix({}, { ipv6: true }) },
    args: ['[{mx.ip6}]:25'],
    expect: ok({ 'attempts.0.tls.protocol': 'TLSv1.3' }),
  }),
  scenario('healthy', 'ipv4-literal', {
    servers: { mx: exim() },
    needs: ['users'],
    args: ['{mx}', '--to', 'kim@{domain}'],
    expect: ok({ 'attempts.0.tls.protocol': 'TLSv1.3' }),
  }),
];
