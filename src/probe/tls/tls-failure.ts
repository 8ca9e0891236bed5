import type { Cause, Fault } from '../../vocabulary.ts';

/** OpenSSL's reasons, as Node codes without `ERR_SSL_`, for "no version in common" and "no cipher in common". */
const VERSION =
  /^(?:UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION|UNKNOWN_PROTOCOL|UNKNOWN_SSL_VERSION|VERSION_TOO_LOW|TLSV1_ALERT_INAPPROPRIATE_FALLBACK|NO_PROTOCOLS_AVAILABLE)$/;
const CIPHER =
  /^(?:SSL(?:V3|\/TLS)_ALERT_HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE|DH_KEY_TOO_SMALL|WRONG_CIPHER_RETURNED|UNKNOWN_CIPHER_RETURNED|TLSV1_ALERT_INSUFFICIENT_SECURITY|WRONG_SIGNATURE_TYPE|NO_SHARED_GROUPS|NO_SUITABLE_SIGNATURE_ALGORITHM|ERR_TLS_DH_PARAM_SIZE|LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED|HANDSHAKE_FAILURE_ON_CLIENT_HELLO)$/;
const WEAK_CERTIFICATE = /^(?:EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|CA_MD_TOO_WEAK)$/;

/** Alerts about the certificate that we did not show. */
const CLIENT_CERTIFICATE = /^ERR_SSL_(?:TLSV13_ALERT_CERTIFICATE_REQUIRED|SSL(?:V3|\/TLS)_ALERT_NO_CERTIFICATE)$/;

/** A TLS handshake that failed with this code: whose fault it looks like. Undefined stands for no code at all. */
export function handshakeFault(errno: string | undefined): Fault {
  const reason = errno?.replace(/^ERR_SSL_/, '') ?? '';
  if (WEAK_CERTIFICATE.test(reason)) return { errorType: 'CertificateFailure', cause: 'weak-key', owner: 'recipient' };
  if (reason === 'ECONNRESET' || reason === 'EPIPE') {
    return { errorType: 'TlsHandshakeFailure', cause: 'reset', owner: 'network' };
  }
  return { errorType: 'TlsHandshakeFailure', cause: handshakeCause(reason), owner: 'recipient' };
}

function handshakeCause(reason: string): Cause<'TlsHandshakeFailure'> {
  if (VERSION.test(reason)) return 'protocol-version';
  return CIPHER.test(reason) ? 'cipher' : 'handshake';
}

/** Phrases for a failed handshake, by cause. */
export function handshakeWords(fault: Fault, errno: string | undefined): string {
  switch (fault.cause) {
    case 'protocol-version':
      return 'TLS fails: no TLS version in common (we offer TLS 1.2 and 1.3)';
    case 'cipher':
      return `TLS fails: ${cipherWords(errno)}`;
    case 'weak-key':
      return 'TLS fails: the key or signature of the certificate is too weak';
    case 'reset':
      return 'the connection is cut during the TLS handshake';
    case 'timeout':
      return 'no answer to the TLS handshake';
    default:
      if (CLIENT_CERTIFICATE.test(errno ?? ''))
        return 'the server demands a client certificate, which senders do not have';
      return errno === 'ERR_SSL_WRONG_VERSION_NUMBER' || errno === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
        ? 'the server answers the TLS handshake with something that is not TLS'
        : `TLS fails (${errno ?? 'no reason given'})`;
  }
}

/** What OpenSSL holds against the key exchange, where it says so. */
function cipherWords(errno: string | undefined): string {
  switch (errno) {
    case 'ERR_SSL_DH_KEY_TOO_SMALL':
    case 'ERR_TLS_DH_PARAM_SIZE':
      return 'the Diffie-Hellman key of the server is too short';
    case 'ERR_SSL_WRONG_SIGNATURE_TYPE':
    case 'ERR_SSL_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED':
      return 'the server signs the handshake with MD5 or SHA-1';
    case 'ERR_SSL_NO_SHARED_GROUPS':
      return 'no curve in common';
    default:
      return 'no cipher in common';
  }
}

/** Could an outdated TLS version or cipher be behind it, so that asking again with those allowed would name it? */
export function mayBeLegacy(fault: Fault, errno: string | undefined): boolean {
  if (CLIENT_CERTIFICATE.test(errno ?? '')) return false;
  return fault.cause !== 'timeout' && errno !== 'ERR_SSL_WRONG_VERSION_NUMBER';
}

/** `TLSv1` as people write it. */
export function tlsName(protocol: string | null): string {
  return protocol === null
    ? 'TLS'
    : protocol
        .replace(/^TLSv1$/, 'TLS 1.0')
        .replace(/^TLSv/, 'TLS ')
        .replace(/^SSLv/, 'SSL ');
}
