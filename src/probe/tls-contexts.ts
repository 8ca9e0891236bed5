import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** The two ways in which a probe offers TLS. Each context is made once: building one a connection would cost more than TLS. */
export interface TlsContexts {
  /** Node's defaults: TLS 1.2 and 1.3, and its trust store, to which NODE_EXTRA_CA_CERTS belongs. */
  modern(): SecureContext;
  /** Everything OpenSSL still knows, to name a peer that is too old for the modern offer (seed 002). */
  legacy(): SecureContext;
}

/** `ca`: PEM certificates to trust besides the built-in roots; used by the sandbox only. */
export function createTlsContexts(ca: readonly string[] = []): TlsContexts {
  const trust = ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] };
  let modern: SecureContext | undefined;
  let legacy: SecureContext | undefined;
  return {
    modern: () => (modern ??= createSecureContext(trust)),
    legacy: () => (legacy ??= createSecureContext({ ...trust, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })),
  };
}
