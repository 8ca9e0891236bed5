import { createHash } from 'node:crypto';
import type { TlsaRecord } from '../dns/resolver.ts';
import { publicKeyInfo } from './certificate-parts.ts';

/** Certificate usages that count for SMTP (RFC 7672 3.1): 2 names an authority, 3 the server's own certificate. */
export const DANE_TA = 2;
/** See {@link DANE_TA}. */
export const DANE_EE = 3;

/** Characters of the hex data by matching type (RFC 6698 2.1.3); 0 is the whole thing. */
const DIGEST_CHARACTERS: Readonly<Record<number, number>> = { 1: 64, 2: 128 };
/** A certificate or key in full: no real one is longer. */
const MAX_FULL_CHARACTERS = 2 * 16_384;

/** Can an SMTP client make use of the record? Others are as if they were not there (RFC 7672 3.1.3, RFC 7671 10.1). */
export function isUsable({ usage, selector, matchingType, data }: TlsaRecord): boolean {
  if ((usage !== DANE_TA && usage !== DANE_EE) || (selector !== 0 && selector !== 1)) return false;
  if (matchingType === 0) return data.length > 0 && data.length <= MAX_FULL_CHARACTERS;
  return data.length === DIGEST_CHARACTERS[matchingType];
}

/**
 * The records to go by where there are digests of several strengths: of one usage and selector only the strongest counts
 * (RFC 7671 9), so that a weak one which was left behind opens no door.
 */
export function strongest(records: readonly TlsaRecord[]): TlsaRecord[] {
  return records.filter(
    ({ usage, selector, matchingType }) =>
      matchingType !== 1 ||
      !records.some((other) => other.usage === usage && other.selector === selector && other.matchingType === 2),
  );
}

/** What the record would hold if it spoke of this certificate, in hex; undefined for what is no certificate. */
export function associationOf(
  der: Buffer,
  { selector, matchingType }: Pick<TlsaRecord, 'selector' | 'matchingType'>,
): string | undefined {
  const part = selector === 0 ? der : publicKeyInfo(der);
  if (part === undefined) return undefined;
  if (matchingType === 0) return part.toString('hex');
  return createHash(matchingType === 1 ? 'sha256' : 'sha512')
    .update(part)
    .digest('hex');
}

/** `TLSA 3 1 1`, as it is written in a zone. */
export function tlsaName({ usage, selector, matchingType }: TlsaRecord): string {
  return `TLSA ${usage} ${selector} ${matchingType}`;
}
