import { isIP } from 'node:net';
import { dayCount } from './certificate.ts';
import { bareAltName, carriesName, hasOnlyCommonName } from './certificate-name.ts';
import type { PeerCertificate, TlsFacts } from './tls-facts.ts';

interface NoteQuestion {
  /** Names that it was held to; none for a target that is an address. */
  names: readonly string[];
  /** The address that was dialled. */
  ip: string;
  now: Date;
  /** Days before its end from which a certificate is worth a word. */
  warnDays: number;
}

const DAY_MS = 86_400_000;
/** So close to its end renewal is no longer routine. */
const CRITICAL_DAYS = 7;

/** What is worth a word about a certificate although nothing is wrong with it yet. Whole sentences. */
export function certificateNotes(facts: TlsFacts, { names, ip, now, warnDays }: NoteQuestion): string[] {
  const [leaf, ...above] = facts.chain;
  if (leaf === undefined) return [];
  // The end of a root's dates is a matter of the trust store.
  const issuers = above.filter(({ selfIssued, validTo }) => !selfIssued && validTo < leaf.validTo);
  return [
    expiryNote('The certificate', leaf, warnDays, now),
    ...issuers.map((issuer) => expiryNote(`The certificate of its issuer ${issuer.subject}`, issuer, warnDays, now)),
    names.length === 0 ? addressNote(leaf, ip) : undefined,
    names.length > 0 && hasOnlyCommonName(leaf)
      ? 'The certificate names its host in the common name only, without a subject alternative name: strict senders do not accept that (RFC 9525).'
      : undefined,
  ].filter((note) => note !== undefined);
}

function expiryNote(what: string, { validTo }: PeerCertificate, warnDays: number, now: Date): string | undefined {
  const left = validTo.getTime() - now.getTime();
  // Its end is a problem by itself.
  if (Number.isNaN(left) || left < 0 || left >= warnDays * DAY_MS) return undefined;
  if (left >= CRITICAL_DAYS * DAY_MS) return `${what} expires in ${dayCount(left)}.`;
  return `${what} expires in ${dayCount(left)}: renew it now, from ${minuteOf(validTo)} on senders that check it refuse.`;
}

function addressNote(leaf: PeerCertificate, ip: string): string {
  const general = 'The target is an address, so there is no name to hold the certificate to.';
  if (!leaf.altNames.some((entry) => isIP(bareAltName(entry)) !== 0)) return general;
  return carriesName(leaf, ip)
    ? `${general} It is issued for this very address.`
    : `${general} It is issued for other addresses.`;
}

function minuteOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
