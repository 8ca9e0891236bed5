import type { Cause } from '../../vocabulary.ts';
import { LIMITS } from '../limits.ts';
import type { ProbeCertificate } from '../report.ts';
import { nameProblem, shownAltName } from './certificate-name.ts';
import { strengthProblem } from './certificate-strength.ts';
import { trustProblem } from './certificate-trust.ts';
import type { PeerCertificate, TlsFacts } from './tls-facts.ts';

/** Something wrong with a peer's certificate; `words` completes "certificate …". */
export interface CertificateProblem {
  cause: Cause<'CertificateFailure'>;
  words: string;
}

/** What a certificate is held to. */
export interface CertificateQuestion {
  /** Names of which the certificate must carry one: the MX host and the domain asked. Empty: there is no name to hold it to. */
  names: readonly string[];
  now: Date;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Judges what the peer showed, most telling problem first: dates (they explain outages that began overnight), who signed
 * it, the name (RFC 6125 6.4, RFC 9525), the strength of key and signature.
 */
export function judgeCertificate(facts: TlsFacts, question: CertificateQuestion): CertificateProblem[] {
  const leaf = facts.chain[0];
  if (leaf === undefined) return [{ cause: 'invalid', words: 'is missing: the server showed none' }];
  const strength = strengthProblem(facts.chain);
  return [
    dateProblem(leaf, question.now),
    trustProblem(facts, question.now, strength !== undefined),
    nameProblem(leaf, question.names),
    strength,
  ].filter((problem) => problem !== undefined);
}

/** The certificate in the shape of the report. */
export function describeCertificate(facts: TlsFacts): ProbeCertificate | null {
  const leaf = facts.chain[0];
  if (leaf === undefined) return null;
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    altNames: leaf.altNames.slice(0, LIMITS.altNames).map(shownAltName),
    validFrom: isoDate(leaf.validFrom),
    validTo: isoDate(leaf.validTo),
    // Our own trust store may have completed it; what the peer has not sent is no evidence of the peer's.
    chain: sentOf(facts).map(({ subject, issuer, validTo, sha256, bits }) => ({
      subject,
      issuer,
      validTo: isoDate(validTo),
      sha256,
      bits,
    })),
  };
}

/** The certificates of the chain that the peer has sent, in order; without those that our own trust store has added. */
export function sentOf({ chain, sent }: Pick<TlsFacts, 'chain' | 'sent'>): PeerCertificate[] {
  const digests = new Set(sent.map(({ fingerprint256 }) => fingerprint256));
  return chain.filter(({ sha256 }) => digests.has(sha256));
}

/** A length of time as people say it: `3 days`, `5 hours`, `less than an hour`. */
export function dayCount(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 1) return days === 1 ? '1 day' : `${days} days`;
  const hours = Math.floor(ms / HOUR_MS);
  if (hours >= 1) return hours === 1 ? '1 hour' : `${hours} hours`;
  return 'less than an hour';
}

function dateProblem(leaf: PeerCertificate, now: Date): CertificateProblem | undefined {
  const ended = now.getTime() - leaf.validTo.getTime();
  if (ended > 0) return { cause: 'expired', words: `expired ${dayCount(ended)} ago` };
  const ahead = leaf.validFrom.getTime() - now.getTime();
  if (ahead > 0)
    return { cause: 'not-yet-valid', words: `is not valid before ${isoDate(leaf.validFrom)} (in ${dayCount(ahead)})` };
  return undefined;
}

function isoDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}
