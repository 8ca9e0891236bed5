import { checkServerIdentity, type PeerCertificate as NodeCertificate } from 'node:tls';
import type { Cause } from '../vocabulary.ts';
import type { ProbeCertificate } from './report.ts';
import { weakSignatureHash } from './signature-algorithm.ts';
import type { PeerCertificate, TlsFacts } from './tls-facts.ts';

/** Something wrong with a peer's certificate; `words` completes "certificate …". */
export interface CertificateProblem {
  cause: Cause<'CertificateFailure'>;
  words: string;
}

export interface CertificateQuestion {
  /** Names of which the certificate must carry one: the MX host and the domain asked. Empty: there is no name to hold it to. */
  names: readonly string[];
  now: Date;
}

const DAY_MS = 86_400_000;
const MIN_RSA_BITS = 2048;

/**
 * Judges what the peer showed, most telling problem first: dates (they explain outages that began overnight), who signed
 * it, the name (RFC 6125 6.4, RFC 9525), the strength of key and signature.
 */
export function judgeCertificate(facts: TlsFacts, question: CertificateQuestion): CertificateProblem[] {
  const leaf = facts.chain[0];
  if (leaf === undefined) return [{ cause: 'invalid', words: 'is missing: the server showed none' }];
  const strength = strengthProblem(facts.chain);
  // Node 20 has no name for "the digest of a signature is too weak"; the reason is then seen in the certificate itself.
  const unnamed = facts.trustError === 'UNSPECIFIED' && strength !== undefined;
  return [
    dateProblem(leaf, question.now),
    unnamed ? undefined : trustProblem(facts, leaf, question.now),
    nameProblem(leaf, question.names),
    strength,
  ].filter((problem) => problem !== undefined);
}

/** Days until the leaf ends, when these are fewer than `days`; undefined otherwise and once it has ended. */
export function expiresWithin(facts: TlsFacts, days: number, now: Date): number | undefined {
  const left = ((facts.chain[0]?.validTo.getTime() ?? Number.NaN) - now.getTime()) / DAY_MS;
  return left >= 0 && left < days ? Math.floor(left) : undefined;
}

/** The certificate in the shape of the report. */
export function describeCertificate(facts: TlsFacts): ProbeCertificate | null {
  const leaf = facts.chain[0];
  if (leaf === undefined) return null;
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    altNames: leaf.altNames.map(bareAltName),
    validFrom: isoDate(leaf.validFrom),
    validTo: isoDate(leaf.validTo),
    chain: facts.chain.map(({ subject, issuer, validTo, sha256, bits }) => ({
      subject,
      issuer,
      validTo: isoDate(validTo),
      sha256,
      bits,
    })),
  };
}

function dateProblem(leaf: PeerCertificate, now: Date): CertificateProblem | undefined {
  const ended = now.getTime() - leaf.validTo.getTime();
  if (ended > 0) return { cause: 'expired', words: `expired ${ago(ended)} ago` };
  const ahead = leaf.validFrom.getTime() - now.getTime();
  if (ahead > 0)
    return { cause: 'not-yet-valid', words: `is not valid before ${isoDate(leaf.validFrom)} (in ${ago(ahead)})` };
  return undefined;
}

/** OpenSSL's codes in the vocabulary; a code that is not listed is `invalid`. */
function trustProblem(facts: TlsFacts, leaf: PeerCertificate, now: Date): CertificateProblem | undefined {
  if (facts.trustError === null) return undefined;
  switch (facts.trustError) {
    case 'CERT_HAS_EXPIRED':
      // Of the leaf dateProblem tells; here it is one above it.
      return leaf.validTo < now
        ? undefined
        : { cause: 'expired', words: 'is signed by a certificate that has expired' };
    case 'CERT_NOT_YET_VALID':
      return leaf.validFrom > now
        ? undefined
        : { cause: 'not-yet-valid', words: 'is signed by a certificate that is not valid yet' };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { cause: 'self-signed', words: 'is self-signed' };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'CERT_UNTRUSTED':
      return { cause: 'untrusted', words: `comes from an authority that is not trusted here (${topIssuer(facts)})` };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return missingIssuer(facts.chain.at(-1) ?? leaf);
    case 'EE_KEY_TOO_SMALL':
    case 'CA_KEY_TOO_SMALL':
    case 'CA_MD_TOO_WEAK':
      return undefined;
    default:
      return { cause: 'invalid', words: `is not accepted (${facts.trustError})` };
  }
}

/**
 * The chain that was sent ends at a certificate whose issuer is not known here. That is either an intermediate which the
 * server should have sent, or the root of a private authority; only the certificate itself hints at which.
 */
function missingIssuer(last: PeerCertificate): CertificateProblem {
  const byIntermediate = last.namesIssuerUrl || /intermediate|issuing|\bsub(?:ordinate)?[ -]?ca\b/i.test(last.issuer);
  return byIntermediate
    ? { cause: 'incomplete-chain', words: `comes without the intermediate certificate of its issuer (${last.issuer})` }
    : { cause: 'untrusted', words: `comes from an authority that is not trusted here (${last.issuer})` };
}

function nameProblem(leaf: PeerCertificate, names: readonly string[]): CertificateProblem | undefined {
  if (names.length === 0) return undefined;
  const shown = {
    subject: { CN: leaf.subject },
    subjectaltname: leaf.altNames.join(', '),
  } as unknown as NodeCertificate;
  if (names.some((name) => checkServerIdentity(name, shown) === undefined)) return undefined;
  const carried = leaf.altNames.length > 0 ? leaf.altNames.slice(0, 3).map(bareAltName).join(', ') : leaf.subject;
  return { cause: 'name-mismatch', words: `is issued for ${carried || 'no name'}, not for ${names.join(' or ')}` };
}

function strengthProblem(chain: readonly PeerCertificate[]): CertificateProblem | undefined {
  const leaf = chain[0];
  if (leaf?.rsa && leaf.bits !== null && leaf.bits < MIN_RSA_BITS) {
    return { cause: 'weak-key', words: `is weak: an RSA key of ${leaf.bits} bits, where ${MIN_RSA_BITS} are expected` };
  }
  for (const certificate of chain) {
    // The signature on a root is never checked.
    const hash = certificate.selfIssued ? undefined : weakSignatureHash(certificate.der);
    if (hash !== undefined) return { cause: 'weak-key', words: `is weak: signed with ${hash}` };
  }
  return undefined;
}

function topIssuer(facts: TlsFacts): string {
  return facts.chain.at(-1)?.issuer ?? 'unknown';
}

function bareAltName(entry: string): string {
  return entry.replace(/^(?:DNS|IP Address):/, '');
}

function isoDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}

function ago(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 1) return days === 1 ? '1 day' : `${days} days`;
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 1) return hours === 1 ? '1 hour' : `${hours} hours`;
  return 'less than an hour';
}
