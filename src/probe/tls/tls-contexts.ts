import { createSecureContext, rootCertificates, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { ScannedProtocol } from '../tls-vocabulary.ts';

/** What a connection of the probe offers in its handshake: what a current sender does, everything, or one version alone. */
export type TlsOffer = 'modern' | 'legacy' | ScannedProtocol;

/** The ways in which a probe offers TLS. Each context is made once: building one a connection would cost more than TLS. */
export interface TlsContexts {
  /** Node's defaults: TLS 1.2 and 1.3, and its trust store, to which NODE_EXTRA_CA_CERTS belongs. */
  modern(): SecureContext;
  /** Everything OpenSSL still knows, to name a peer that is too old for the modern offer (seed 002). */
  legacy(): SecureContext;
  of(offer: TlsOffer): SecureContext;
}

/** Security level 0 admits short keys, SHA-1 and with them TLS 1.0 and 1.1 (OpenSSL 3, SSL_CTX_set_security_level). */
const OUTDATED = 'DEFAULT@SECLEVEL=0';

/** `ca`: PEM certificates to trust besides the built-in roots; used by the sandbox only. */
export function createTlsContexts(ca: readonly string[] = []): TlsContexts {
  const trust = ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] };
  const made = new Map<TlsOffer, SecureContext>();
  const of = (offer: TlsOffer): SecureContext => {
    let context = made.get(offer);
    if (context === undefined) {
      context = createSecureContext({ ...trust, ...settingsOf(offer) });
      made.set(offer, context);
    }
    return context;
  };
  return { modern: () => of('modern'), legacy: () => of('legacy'), of };
}

function settingsOf(offer: TlsOffer): SecureContextOptions {
  switch (offer) {
    case 'modern':
      return {};
    case 'legacy':
      return { minVersion: 'TLSv1', ciphers: OUTDATED };
    default:
      // The question is the version alone: no cipher or short key may stand in its way.
      return { minVersion: offer, maxVersion: offer, ciphers: OUTDATED };
  }
}
