import { errnoOf, messageOf } from '../errors.ts';
import { quoted } from './remote-text.ts';

/** Why a connection to an HTTPS server failed; completes "mta-sts.contoso.example …". */
export function connectFault(error: unknown, secured: boolean): string {
  const code = errnoOf(error) ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'refuses the connection';
    case 'ETIMEDOUT':
      return 'does not answer';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return `cannot be reached from here (${code})`;
    case 'ECONNRESET':
    case 'EPIPE':
      return secured ? 'closes the connection without an answer' : 'closes the connection during the TLS handshake';
    default:
      return secured
        ? `does not speak HTTP properly (${reasonOf(error)})`
        : `fails the TLS handshake (${reasonOf(error)})`;
  }
}

/** True when there is no route from here, as to an IPv6 address where there is only IPv4. */
export function isLocalFault(error: unknown): boolean {
  return ['ENETUNREACH', 'EADDRNOTAVAIL'].includes(errnoOf(error) ?? '');
}

/** A certificate as Node shows it, as far as it is told. */
export interface ServerCertificate {
  names: string;
  issuer: string;
  validFrom: string;
  validTo: string;
}

/** Why OpenSSL or the name check refuses a certificate (nodejs.org/api/tls.html#x509-certificate-error-codes). */
export function certificateFault(
  code: string,
  host: string,
  { names, issuer, validFrom, validTo }: ServerCertificate,
): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `has a certificate that expired (${validTo})`;
    case 'CERT_NOT_YET_VALID':
      return `has a certificate that is not valid before ${validFrom}`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'has a self-signed certificate';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `has a certificate for ${quoted(names)}, not for ${host}`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
      return `has a certificate of an authority that is not trusted (${quoted(issuer)})`;
    default:
      return `has a certificate that is not accepted (${code})`;
  }
}

/** OpenSSL's short reason or the message, without the file and line that OpenSSL puts there. */
function reasonOf(error: unknown): string {
  const code = errnoOf(error);
  if (code?.startsWith('ERR_SSL_')) return code.slice('ERR_SSL_'.length).toLowerCase().replaceAll('_', ' ');
  return code ?? quoted(messageOf(error));
}
