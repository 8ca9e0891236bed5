import { checkServerIdentity, type PeerCertificate as NodeCertificate } from 'node:tls';
import { domainToASCII, domainToUnicode } from 'node:url';
import type { CertificateProblem } from './certificate.ts';
import type { PeerCertificate } from './tls-facts.ts';

/**
 * Does the certificate carry this name or address? Reference identifiers as in RFC 6125 6.4 and RFC 9525: a wildcard
 * stands for one label, and the common name counts only where there is no alternative name.
 */
export function carriesName(leaf: PeerCertificate, name: string): boolean {
  const shown = {
    subject: { CN: leaf.subject },
    subjectaltname: leaf.altNames.join(', '),
  } as unknown as NodeCertificate;
  return checkServerIdentity(name, shown) === undefined;
}

/** It carries none of the names. `names` empty: there is no name to hold it to. */
export function nameProblem(leaf: PeerCertificate, names: readonly string[]): CertificateProblem | undefined {
  if (names.length === 0 || names.some((name) => carriesName(leaf, name))) return undefined;
  const carried = leaf.altNames.length > 0 ? leaf.altNames.slice(0, 3).map(shownAltName).join(', ') : leaf.subject;
  const wanted = names.map(readableName).join(' or ');
  const hint = names.some((name) => writtenInUnicode(leaf, name))
    ? ' (it writes the name in Unicode, where RFC 9525 2 wants the xn-- form)'
    : '';
  return { cause: 'name-mismatch', words: `is issued for ${carried || 'no name'}, not for ${wanted}${hint}` };
}

/** The certificate names its host in the common name alone, which RFC 9525 no longer counts. */
export function hasOnlyCommonName(leaf: PeerCertificate): boolean {
  return !leaf.altNames.some((entry) => entry.startsWith('DNS:') || entry.startsWith('IP Address:'));
}

/** An alternative name without its kind. */
export function bareAltName(entry: string): string {
  return entry.replace(/^(?:DNS|IP Address):/, '');
}

/** The same at a length that is worth showing: no host name has more than 253 characters (RFC 1035 2.3.4). */
export function shownAltName(entry: string): string {
  return bareAltName(entry).slice(0, 253);
}

/** An internationalised name with what it reads like. */
function readableName(name: string): string {
  const unicode = /(?:^|\.)xn--/.test(name) ? domainToUnicode(name) : '';
  return unicode === '' || unicode === name ? name : `${name} (${unicode})`;
}

/** Senders compare A-labels byte by byte; a U-label in the certificate is never equal to one. */
function writtenInUnicode(leaf: PeerCertificate, name: string): boolean {
  const written = [leaf.subject, ...leaf.altNames.map(bareAltName)];
  return written.some((entry) => /[^\x00-\x7f]/.test(entry) && domainToASCII(asUtf8(entry)) === name);
}

/** Node shows the bytes of an IA5String one by one; those of a U-label are UTF-8. */
function asUtf8(text: string): string {
  return /[^\x00-\xff]/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8');
}
