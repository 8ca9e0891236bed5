import type { CertificateProblem } from './certificate.ts';
import { weakSignatureHash } from './signature-algorithm.ts';
import type { PeerCertificate } from './tls-facts.ts';

/** Key sizes that the CA/Browser Forum's Baseline Requirements (6.1.5) and NIST SP 800-57 (112 bits of strength) ask for. */
const MIN_RSA_BITS = 2048;
const MIN_EC_BITS = 224;

/** A key that is too short or a signature over a broken hash, anywhere below the root. */
export function strengthProblem(chain: readonly PeerCertificate[]): CertificateProblem | undefined {
  const [leaf, ...above] = chain;
  if (leaf === undefined) return undefined;
  const key = shortKey(leaf);
  if (key !== undefined) return { cause: 'weak-key', words: `is weak: ${key}` };
  // The signature on a root is never checked, and its key is a matter of the trust store.
  for (const certificate of chain.filter(({ selfIssued }) => !selfIssued)) {
    const hash = weakSignatureHash(certificate.der);
    if (hash !== undefined) return { cause: 'weak-key', words: `is weak: signed with ${hash}` };
  }
  for (const issuer of above.filter(({ selfIssued }) => !selfIssued)) {
    const short = shortKey(issuer);
    if (short !== undefined) return { cause: 'weak-key', words: `is weak: its issuer ${issuer.subject} has ${short}` };
  }
  return undefined;
}

function shortKey({ bits, rsa }: PeerCertificate): string | undefined {
  if (bits === null) return undefined;
  const [kind, least] = rsa ? ['RSA', MIN_RSA_BITS] : ['EC', MIN_EC_BITS];
  return bits < Number(least) ? `an ${kind} key of ${bits} bits, where ${least} are expected` : undefined;
}
