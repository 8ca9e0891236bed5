import type { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, PeerCertificate as NodeCertificate, TLSSocket } from 'node:tls';
import { LIMITS } from '../limits.ts';
import { printable } from '../session/smtp-reply.ts';
import type { CertificateMemory } from './certificate-memory.ts';

/** Certificates compared of what was sent; a sane server sends two to four. */
const MOST_SENT = 32;
/** Alternative names that are read: those of a shared front end go into the hundreds, and each of them counts. */
const MOST_NAMES = 5000;

/** What a TLS connection says about itself and its peer, as plain values that can be judged and tested. */
export interface TlsFacts {
  protocol: string | null;
  cipher: string | null;
  /** The chain verifies against Node's trust store; names are judged apart. */
  trusted: boolean;
  /** OpenSSL's verdict when it does not, e.g. `CERT_HAS_EXPIRED` (nodejs.org/api/tls.html#x509-certificate-error-codes). */
  trustError: string | null;
  /** When OpenSSL judged the dates, by its own clock. */
  verifiedAt: Date;
  /** Leaf first, sorted, with roots of our own store. Empty when the peer showed none. */
  chain: PeerCertificate[];
  /** Exactly what was sent, in that order. */
  sent: readonly X509Certificate[];
}

/** One certificate of a chain, as plain values. */
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

/** Whose chain it is, and what is remembered of it. */
export interface Endpoint {
  name: string;
  memory: CertificateMemory;
}

/**
 * Keeps Node from reading the whole chain of a socket that has been made just now, only to compare names with it: that is
 * done here, for every name that counts. Node does not ask for the names of a session that it resumes.
 */
export function leaveNamesToUs(socket: TLSSocket): void {
  socket.isSessionReused = () => true;
}

/** Reads the facts; call it inside `secureConnect`, while the handshake's data is at hand. */
export function tlsFacts(socket: TLSSocket, endpoint: Endpoint): TlsFacts {
  const { authorized } = socket;
  const { chain, sent } = authorized ? trustedChain(socket, endpoint) : readBoth(socket);
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher()?.name ?? null,
    trusted: authorized,
    trustError: authorized ? null : String(socket.authorizationError ?? 'unknown'),
    verifiedAt: new Date(),
    chain,
    sent,
  };
}

/** The chain of a handshake that verifies; what was read of the same certificates before is not read again. */
function trustedChain(socket: TLSSocket, { name, memory }: Endpoint): Pick<TlsFacts, 'chain' | 'sent'> {
  const known = memory.recall(name);
  if (known === undefined) {
    const both = readBoth(socket);
    memory.keep(name, { sent: digestsOf(both.sent), chain: both.chain });
    return both;
  }
  const sent = sentCertificates(socket);
  if (digestsOf(sent) === known.sent) return { chain: known.chain, sent };
  // Renewed since. The certificates that the trust store would add are not to be had any more; the next probe reads all.
  memory.forget(name);
  const chain = sent.slice(0, LIMITS.chain).map((certificate) => readCertificate(certificate.toLegacyObject()));
  return { chain, sent };
}

/** In this order: see {@link sentCertificates}. */
function readBoth(socket: TLSSocket): Pick<TlsFacts, 'chain' | 'sent'> {
  const chain = wholeChain(socket);
  return { chain, sent: sentCertificates(socket) };
}

/** The chain as far as what was sent and the trust store complete it, in order. */
function wholeChain(socket: TLSSocket): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A self-signed certificate is its own issuer, so the list can be a ring.
  while (next?.raw !== undefined && !seen.has(next.fingerprint256) && chain.length < LIMITS.chain) {
    seen.add(next.fingerprint256);
    chain.push(readCertificate(next));
    next = next.issuerCertificate;
  }
  return chain;
}

/**
 * The certificates as they were sent, unread. Call it last: Node 20 to 24 take the list apart that `getPeerCertificate`
 * reads (crypto_x509.cc, X509Certificate::New).
 */
function sentCertificates(socket: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && sent.length < MOST_SENT) {
    sent.push(next);
    next = next.issuerCertificate;
  }
  return sent;
}

function digestsOf(certificates: readonly X509Certificate[]): string {
  return certificates.map(({ fingerprint256 }) => fingerprint256).join(' ');
}

function readCertificate(certificate: NodeCertificate): PeerCertificate {
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
  return printable(common ?? parts.map(([key, value]) => `${key}=${value}`).join(', ')).slice(0, 256);
}

/** Entries are separated by `, `; one that holds a comma is quoted (CVE-2021-44532). */
function splitAltNames(text: string | undefined): string[] {
  if (text === undefined) return [];
  const entries = text.match(/[A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return entries.slice(0, MOST_NAMES).map((entry) => printable(entry.trim()));
}
