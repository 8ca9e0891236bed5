import type { CertificateProblem } from './certificate.ts';
import type { PeerCertificate, TlsFacts } from './tls-facts.ts';

/** What OpenSSL finds wrong besides dates and signers, in words that complete "certificate …". */
const INVALID_WORDS: Readonly<Record<string, string>> = {
  INVALID_PURPOSE: 'is not meant for servers (its extended key usage lacks serverAuth)',
  INVALID_CA: 'is signed by a certificate that may not sign others',
  PATH_LENGTH_EXCEEDED: 'has more intermediates above it than one of them allows',
  CERT_CHAIN_TOO_LONG: 'has a chain that is too long',
  CERT_SIGNATURE_FAILURE: 'carries a signature that does not verify',
  CERT_REVOKED: 'is revoked',
  CERT_REJECTED: 'is rejected by the trust settings here',
  KEYUSAGE_NO_CERTSIGN: 'is signed by a certificate whose key may not sign others',
};

/** Codes of a key or digest below OpenSSL's security level; Node has names for some, others come as UNSPECIFIED. */
const WEAK = ['EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK'];

/**
 * OpenSSL's verdict on the chain in the vocabulary; a code that is not listed is `invalid`. Dates are judged by `now`, not
 * by OpenSSL's own clock, unless it objects to one that is not in sight; `weak`: a weak key or signature has been seen and is told apart.
 */
export function trustProblem(facts: TlsFacts, now: Date, weak: boolean): CertificateProblem | undefined {
  const [leaf, ...above] = facts.chain;
  if (facts.trustError === null || leaf === undefined) return undefined;
  switch (facts.trustError) {
    case 'CERT_HAS_EXPIRED':
      return above.some(({ validTo }) => validTo < now) ||
        !facts.chain.some(({ validTo }) => validTo < facts.verifiedAt)
        ? { cause: 'expired', words: 'is signed by a certificate that has expired' }
        : behindDates(facts.chain);
    case 'CERT_NOT_YET_VALID':
      return above.some(({ validFrom }) => validFrom > now) ||
        !facts.chain.some(({ validFrom }) => validFrom > facts.verifiedAt)
        ? { cause: 'not-yet-valid', words: 'is signed by a certificate that is not valid yet' }
        : behindDates(facts.chain);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { cause: 'self-signed', words: 'is self-signed' };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'CERT_UNTRUSTED':
      return untrusted(facts.chain.at(-1)?.issuer ?? 'unknown');
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return missingIssuer(facts.chain.at(-1) ?? leaf);
    default:
      // Node 20 has no name for "the digest of a signature is too weak".
      if (WEAK.includes(facts.trustError) || (facts.trustError === 'UNSPECIFIED' && weak)) {
        return weak ? undefined : { cause: 'weak-key', words: 'is weak: a key or signature of its chain is too short' };
      }
      return { cause: 'invalid', words: INVALID_WORDS[facts.trustError] ?? `is not accepted (${facts.trustError})` };
  }
}

/** OpenSSL names its last objection only; a date hides that nobody known has signed, which the chain itself shows. */
function behindDates(chain: readonly PeerCertificate[]): CertificateProblem | undefined {
  const top = chain.at(-1);
  if (top === undefined) return undefined;
  if (!top.selfIssued) return missingIssuer(top);
  return chain.length === 1 ? { cause: 'self-signed', words: 'is self-signed' } : undefined;
}

/**
 * The chain that was sent ends at a certificate whose issuer is not known here. That is either an intermediate which the
 * server should have sent, even where some clients would fetch it (RFC 8446 4.4.2), or the root of a private authority;
 * only the certificate itself hints at which.
 */
function missingIssuer(last: PeerCertificate): CertificateProblem {
  const byIntermediate = last.namesIssuerUrl || /intermediate|issuing|\bsub(?:ordinate)?[ -]?ca\b/i.test(last.issuer);
  return byIntermediate
    ? { cause: 'incomplete-chain', words: `comes without the intermediate certificate of its issuer (${last.issuer})` }
    : untrusted(last.issuer);
}

function untrusted(authority: string): CertificateProblem {
  return { cause: 'untrusted', words: `comes from an authority that is not trusted here (${authority})` };
}
