import { expect, test } from 'vitest';
import { handshakeFault, handshakeWords, mayBeLegacy } from '../../src/probe/tls/tls-failure.ts';

test.each<[errno: string | undefined, cause: string, words: string, legacy: boolean]>([
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'protocol-version', 'no TLS version in common', true],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'protocol-version', 'no TLS version in common', true],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'cipher', 'no cipher in common', true],
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'cipher', 'no cipher in common', true],
  ['ERR_SSL_DH_KEY_TOO_SMALL', 'cipher', 'Diffie-Hellman key of the server is too short', true],
  ['ERR_TLS_DH_PARAM_SIZE', 'cipher', 'Diffie-Hellman key of the server is too short', true],
  ['ERR_SSL_WRONG_SIGNATURE_TYPE', 'cipher', 'signs the handshake with MD5 or SHA-1', true],
  ['ERR_SSL_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED', 'cipher', 'signs the handshake with MD5 or SHA-1', true],
  ['ERR_SSL_NO_SHARED_GROUPS', 'cipher', 'no curve in common', true],
  ['ERR_SSL_EE_KEY_TOO_SMALL', 'weak-key', 'too weak', true],
  ['ERR_SSL_CA_MD_TOO_WEAK', 'weak-key', 'too weak', true],
  ['ECONNRESET', 'reset', 'cut during the TLS handshake', true],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'handshake', 'demands a client certificate', false],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'handshake', 'something that is not TLS', false],
  ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'handshake', 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', true],
  [undefined, 'handshake', 'no reason given', true],
])('%s is %s', (errno, cause, words, legacy) => {
  const fault = handshakeFault(errno);
  expect(fault.cause).toBe(cause);
  expect(fault.errorType).toBe(cause === 'weak-key' ? 'CertificateFailure' : 'TlsHandshakeFailure');
  expect(handshakeWords(fault, errno)).toContain(words);
  expect(mayBeLegacy(fault, errno)).toBe(legacy);
});
