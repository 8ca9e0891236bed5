import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { LIMITS } from './limits.ts';

/** What a TLS connection says about itself and its peer, as plain values that can be judged and tested. */
export interface TlsFacts {
  protocol: string | null;
  cipher: string | null;
  /** The chain verifies against Node's trust store; names are judged apart. */
  trusted: boolean;
  /** OpenSSL's verdict when it does not, e.g. `CERT_HAS_EXPIRED` (nodejs.org/api/tls.html#x509-certificate-error-codes). */
  trustError: string | null;
  /** Leaf first. Empty when the peer showed none. */
  chain: PeerCertificate[];
}

export interface PeerCertificate {
  /** Common name or, without one, the whole distinguished name. */
  subject: string;
  issuer: string;
  selfIssued: boolean;
  /** `DNS:` and `IP Address:` entries as Node writes them. */
  altNames: string[];
  validFrom: Date;
  validTo: Date;
  sha256: string;
  /** Key size; of an EC key that of its curve. */
  bits: number | null;
  rsa: boolean;
  /** It says where its issuer's certificate can be fetched, as those of public authorities do (RFC 5280 4.2.2.1). */
  namesIssuerUrl: boolean;
  der: Buffer;
}

/**
 * Reads the facts; call it inside `secureConnect`, while the handshake's data is at hand. `shown`: the peer's chain, when
 * it has been read before.
 */
export function tlsFacts(socket: TLSSocket, shown?: DetailedPeerCertificate): TlsFacts {
  const trustError = socket.authorized ? null : String(socket.authorizationError ?? 'unknown');
  const chain: PeerCertificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = shown ?? socket.getPeerCertificate(true);
  // A self-signed certificate is its own issuer, so the list can be a ring.
  while (next?.raw !== undefined && !seen.has(next.fingerprint256) && chain.length < LIMITS.chain) {
    seen.add(next.fingerprint256);
    chain.push(readCertificate(next));
    next = next.issuerCertificate;
  }
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher()?.name ?? null,
    trusted: socket.authorized,
    trustError,
    chain,
  };
}

function readCertificate(certificate: DetailedPeerCertificate): PeerCertificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    selfIssued: JSON.stringify(certificate.subject) === JSON.stringify(certificate.issuer),
    altNames: splitAltNames(certificate.subjectaltname),
    validFrom: new Date(certificate.valid_from),
    validTo: new Date(certificate.valid_to),
    sha256: certificate.fingerprint256,
    bits: certificate.bits ?? null,
    rsa: certificate.modulus !== undefined,
    namesIssuerUrl: Object.keys(certificate.infoAccess ?? {}).some((key) => key.startsWith('CA Issuers')),
    der: certificate.raw,
  };
}

/** Node gives the parts of a distinguished name as an object; repeated parts as arrays. */
function nameOf(name: object | undefined): string {
  if (name === undefined) return '';
  const parts = Object.entries(name).flatMap(([key, value]) =>
    [value].flat().map((part) => [key, String(part)] as const),
  );
  const common = parts.find(([key]) => key === 'CN')?.[1];
  return (common ?? parts.map(([key, value]) => `${key}=${value}`).join(', ')).slice(0, 256);
}

/** Entries are separated by `, `; one that holds a comma is quoted (CVE-2021-44532). */
function splitAltNames(text: string | undefined): string[] {
  if (text === undefined) return [];
  const entries = text.match(/[A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return entries.slice(0, 100).map((entry) => entry.trim());
}
