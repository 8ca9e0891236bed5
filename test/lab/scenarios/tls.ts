import { TLSSocket } from 'node:tls';
import type { ScriptedPeer } from '../../support/hostile-smtp-server.ts';
import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { hangUp, mailScript, silence, type Turn, type Turns } from '../servers/scripts.ts';
import { exim, postfix, type ScriptedSpec, scripted } from '../servers/server.ts';

const require = ['{domain}', '--tls', 'require'];
const theirs = ['recipient', 'network'] as const;
/** Debian's OpenSSL forbids TLS 1.0 above this level. */
const OLD = { smtpd_tls_protocols: 'TLSv1', smtpd_tls_ciphers: 'low', tls_low_cipherlist: 'ALL:@SECLEVEL=0' };
const OLD_AND_WANTED = {
  smtpd_tls_security_level: 'encrypt',
  smtpd_tls_mandatory_protocols: 'TLSv1',
  smtpd_tls_mandatory_ciphers: 'low',
  tls_low_cipherlist: 'ALL:@SECLEVEL=0',
};
const overTls = (turns: Turns): { mx: ScriptedSpec } => ({
  mx: scripted(mailScript(turns), { certificate: { rsaBits: 2048 } }),
});

const readyThenReset = readyThen((peer) => peer.reset());
const readyThenDeaf = readyThen(() => undefined);
const readyThenPlain = readyThen((peer) => peer.send('500 5.5.1 Command unrecognized\r\n'));

/** TLS is missing, refused or does not come up. Mail still flows in plain text, unless TLS is required. */
export const tls: Scenario[] = [
  // Seed 002: an appliance of long ago.
  scenario('tls', 'postfix-tls10-only', {
    servers: { mx: postfix(OLD, { certificate: { rsaBits: 2048 } }) },
    expect: degraded('TlsHandshakeFailure', 'protocol-version', 'tls', 'recipient', { summary: /TLS ?v?1\.0/ }),
  }),
  scenario('tls', 'postfix-tls10-only-required', {
    servers: { mx: postfix(OLD, { certificate: { rsaBits: 2048 } }) },
    args: require,
    expect: failed('TlsHandshakeFailure', 'protocol-version', 'tls', 'recipient', { summary: /TLS ?v?1\.0/ }),
  }),
  scenario('tls', 'tls11-only', {
    servers: overTls({ tls: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } }),
    expect: degraded('TlsHandshakeFailure', 'protocol-version', 'tls', 'recipient', { summary: /TLS ?v?1\.1/ }),
  }),
  scenario('tls', 'smtps-tls10-only', {
    servers: {
      mx: scripted(
        mailScript({
          implicitTls: true,
          tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
        }),
        { certificate: { rsaBits: 2048 }, port: 465 },
      ),
    },
    args: ['mx.{domain}:465', '--tls', 'implicit'],
    expect: failed('TlsHandshakeFailure', 'protocol-version', 'tls', 'recipient', { summary: /TLS ?v?1\.0/ }),
  }),
  scenario('tls', 'null-cipher-only', {
    servers: overTls({ tls: { maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' } }),
    expect: degraded('TlsHandshakeFailure', 'cipher', 'tls', 'recipient'),
  }),
  scenario('tls', 'postfix-without-tls', {
    servers: { mx: postfix({ smtpd_tls_security_level: 'none' }, { certificate: {} }) },
    expect: degraded('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient', { 'attempts.0.tls.offered': false }),
  }),
  scenario('tls', 'postfix-without-tls-required', {
    servers: { mx: postfix({ smtpd_tls_security_level: 'none' }, { certificate: {} }) },
    args: require,
    expect: failed('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient'),
  }),
  scenario('tls', 'opensmtpd-without-tls', {
    needs: ['users'],
    servers: { mx: { kind: 'opensmtpd' } },
    args: ['kim@{domain}'],
    expect: degraded('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient'),
  }),
  scenario('tls', 'starttls-refused', {
    servers: overTls({ starttls: '454 4.7.0 TLS not available due to local problem' }),
    expect: degraded('TlsNotOffered', 'starttls-refused', 'starttls', 'recipient', { 'attempts.0.tls.offered': true }),
  }),
  scenario('tls', 'starttls-refused-required', {
    servers: overTls({ starttls: '454 4.7.0 TLS not available due to local problem' }),
    args: require,
    expect: failed('TlsNotOffered', 'starttls-refused', 'starttls', 'recipient'),
  }),
  scenario('tls', 'reset-in-handshake', {
    servers: overTls({ starttls: readyThenReset }),
    expect: degraded('TlsHandshakeFailure', 'reset', 'tls', theirs),
  }),
  scenario('tls', 'hangs-in-handshake', {
    servers: overTls({ starttls: readyThenDeaf }),
    expect: degraded('TlsHandshakeFailure', 'timeout', 'tls', theirs),
  }),
  scenario('tls', 'plain-text-in-handshake', {
    servers: { mx: scripted(mailScript({ starttls: readyThenPlain }), { certificate: {} }) },
    expect: degraded('TlsHandshakeFailure', 'handshake', 'tls', theirs),
  }),
  scenario('tls', 'silent-at-starttls', {
    servers: overTls({ starttls: silence }),
    expect: { ...degraded('ProbeTimeout', 'starttls', 'starttls', theirs), verdict: ['degraded', 'failed'] },
  }),
  scenario('tls', 'hangs-up-at-starttls', {
    servers: overTls({ starttls: hangUp }),
    expect: { ...degraded('ConnectionLost', 'closed-by-peer', 'starttls', theirs), verdict: ['degraded', 'failed'] },
  }),
  scenario('tls', 'smtps-on-a-plain-port', {
    servers: { mx: postfix({}, { port: 587 }) },
    args: ['mx.{domain}:587', '--tls', 'implicit'],
    expect: failed('TlsHandshakeFailure', 'handshake', 'tls', ['recipient', 'sender']),
  }),
  scenario('tls', 'closes-in-handshake', {
    servers: overTls({ starttls: readyThen((peer) => peer.end()) }),
    expect: degraded('TlsHandshakeFailure', ['reset', 'handshake'], 'tls', theirs),
  }),
  scenario('tls', 'silent-inside-tls', {
    servers: overTls({ ehlo: onlyInPlainText }),
    expect: { ...degraded('ProbeTimeout', 'ehlo', 'ehlo', theirs), verdict: ['failed', 'degraded'] },
  }),
  // TLS 1.0 and nothing else, and no mail without it: there is no way in for a modern sender.
  scenario('tls', 'postfix-tls10-only-and-wanted', {
    servers: { mx: postfix(OLD_AND_WANTED, { certificate: { rsaBits: 2048 } }) },
    args: ['kim@{domain}'],
    expect: failed('TlsHandshakeFailure', 'protocol-version', ['tls', 'mail'], 'recipient', { summary: /TLS ?v?1\.0/ }),
  }),
  scenario('tls', 'postfix-wants-a-client-certificate', {
    servers: { mx: postfix({ smtpd_tls_security_level: 'encrypt', smtpd_tls_req_ccert: 'yes' }) },
    args: ['{domain}', '--tls', 'require'],
    // Postfix refuses inside TLS ("421 4.7.1 Error: No client certificate presented").
    expect: failed(
      ['CertificateFailure', 'TlsHandshakeFailure'],
      ['invalid', 'handshake'],
      ['tls', 'ehlo'],
      ['recipient', 'sender'],
    ),
  }),
  scenario('tls', 'postfix-scan-finds-old-versions', {
    servers: {
      mx: postfix(
        { smtpd_tls_protocols: '>=TLSv1', smtpd_tls_ciphers: 'low', tls_low_cipherlist: 'ALL:@SECLEVEL=0' },
        { certificate: { rsaBits: 2048 } },
      ),
    },
    args: ['{domain}', '--tls-scan'],
    expect: ok({ 'attempts.0.tls.scan.0.accepted': true, 'attempts.0.tls.scan.3.accepted': true }),
  }),
  scenario('tls', 'no-capabilities', {
    servers: { mx: scripted(mailScript({ ehlo: '250 mx.contoso.example' })) },
    expect: degraded('TlsNotOffered', 'starttls-missing', 'starttls', 'recipient'),
  }),
  // GnuTLS on the other side, not OpenSSL.
  scenario('tls', 'exim-tls10-only', {
    needs: ['users'],
    servers: {
      mx: exim({ certificate: { rsaBits: 2048 }, main: ['tls_require_ciphers = LEGACY:-VERS-ALL:+VERS-TLS1.0'] }),
    },
    expect: degraded('TlsHandshakeFailure', 'protocol-version', 'tls', 'recipient', { summary: /TLS ?v?1\.0/ }),
  }),
];

/** Answers EHLO before TLS and never again. */
function onlyInPlainText(peer: ScriptedPeer): void {
  if (!(peer.socket instanceof TLSSocket)) peer.send('250-mx.contoso.example\r\n250 STARTTLS\r\n');
}

/** Says yes to STARTTLS and meets the client's first flight in its own way. */
function readyThen(act: (peer: ScriptedPeer) => void): Turn {
  return (peer) => {
    peer.socket.removeAllListeners('data');
    peer.socket.once('data', () => act(peer));
    peer.send('220 2.0.0 Ready to start TLS\r\n');
  };
}
