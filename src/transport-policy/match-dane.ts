import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { TlsaRecord } from '../dns/resolver.ts';
import { quoted } from './remote-text.ts';
import { associationOf, DANE_EE, isUsable, strongest, tlsaName } from './tlsa-record.ts';

/** A certificate that a server has shown. */
export interface ShownCertificate {
  der: Buffer;
  /** `DNS:` and `IP Address:` entries as Node writes them. */
  altNames: readonly string[];
  /** Common name or the whole distinguished name. */
  subject: string;
  validFrom: Date;
  validTo: Date;
}

/** `words` stand by themselves, without a full stop. */
export type DaneMatch =
  | { state: 'match'; record: TlsaRecord; words: string }
  | { state: 'mismatch'; words: string }
  /** No record can be used: senders encrypt, and authenticate nobody (RFC 7672 2.2). */
  | { state: 'unusable'; words: string };

/** Everything that a record is held against. */
interface Shown {
  chain: readonly ShownCertificate[];
  names: readonly string[];
  now: Date;
}

/**
 * Does what the server has shown match the TLSA records? `chain`: leaf first. `names`: those that the certificate may carry
 * for usage 2 (RFC 7672 3.2.2); usage 3 looks at neither names nor dates (RFC 7672 3.1.1).
 */
export function matchDane(
  records: readonly TlsaRecord[],
  chain: readonly ShownCertificate[],
  names: readonly string[],
  now: Date,
): DaneMatch {
  const usable = records.filter(isUsable);
  if (usable.length === 0) {
    const kinds = records.map(tlsaName).slice(0, 3).join(', ');
    return { state: 'unusable', words: `no TLSA record can be used for SMTP (${kinds || 'there is none'})` };
  }
  const [leaf] = chain;
  if (leaf === undefined) return { state: 'mismatch', words: 'the server showed no certificate' };
  const faults: string[] = [];
  for (const record of strongest(usable)) {
    const fault = faultOf(record, leaf, { chain, names, now });
    if (fault === undefined) {
      const what = record.usage === DANE_EE ? "the server's certificate" : 'an authority of its chain';
      return { state: 'match', record, words: `${tlsaName(record)} matches ${what}` };
    }
    faults.push(`${tlsaName(record)} ${fault}`);
  }
  return { state: 'mismatch', words: [...new Set(faults)].slice(0, 3).join('; ') };
}

/** What is wrong, after "TLSA 3 1 1"; undefined when the record matches. */
function faultOf(record: TlsaRecord, leaf: ShownCertificate, shown: Shown): string | undefined {
  if (record.usage !== DANE_EE) return anchorFault(record, leaf, shown);
  if (associationOf(leaf.der, record) === record.data) return undefined;
  return `does not match: ${explain(record, leaf)}`;
}

/** What the record speaks of instead, where that can be told. */
function explain(record: TlsaRecord, leaf: ShownCertificate): string {
  const swapped = { ...record, selector: 1 - record.selector };
  if (associationOf(leaf.der, swapped) === record.data) {
    return `it holds the data of selector ${swapped.selector}, so ${tlsaName(swapped)} would be right`;
  }
  const what = record.selector === 0 ? 'certificate was renewed' : 'key was changed';
  const digest = record.matchingType === 2 ? 2 : 1;
  const seen = associationOf(leaf.der, { selector: record.selector, matchingType: digest });
  if (seen === undefined) return 'the certificate cannot be read';
  return `the ${what} without its record (we saw ${digest === 1 ? 'sha256' : 'sha512'} ${seen})`;
}

/** DANE-TA (RFC 7671 5.2, RFC 7672 3.1.2): an authority of the chain, signatures from the leaf up to it, names and dates. */
function anchorFault(record: TlsaRecord, leaf: ShownCertificate, shown: Shown): string | undefined {
  const { chain, names, now } = shown;
  const at = chain.findIndex((one, index) => index > 0 && associationOf(one.der, record) === record.data);
  const above = at === -1 ? anchorInRecord(record) : undefined;
  if (at === -1 && above === undefined) {
    return associationOf(leaf.der, record) === record.data
      ? "names the server's own certificate, which takes usage 3"
      : 'matches no authority in the chain that the server sends';
  }
  const path = at === -1 ? chain : chain.slice(0, at + 1);
  return signatureFault(path, above) ?? dateFault(path, now) ?? nameFault(leaf, names);
}

/** A record that holds its authority in full needs none in the chain (RFC 7671 5.2.2). */
function anchorInRecord({ selector, matchingType, data }: TlsaRecord): KeyObject | undefined {
  if (matchingType !== 0) return undefined;
  const der = Buffer.from(data, 'hex');
  return attempt(() =>
    selector === 0 ? new X509Certificate(der).publicKey : createPublicKey({ key: der, format: 'der', type: 'spki' }),
  );
}

function signatureFault(path: readonly ShownCertificate[], above: KeyObject | undefined): string | undefined {
  for (const [index, { der, subject }] of path.entries()) {
    const issuer = path[index + 1];
    if (issuer === undefined && above === undefined) return undefined;
    const signed = attempt(() => {
      const certificate = new X509Certificate(der);
      if (issuer === undefined) return above !== undefined && certificate.verify(above);
      const authority = new X509Certificate(issuer.der);
      return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
    });
    if (signed !== true) {
      return issuer === undefined
        ? 'matches no authority in the chain that the server sends'
        : `matches, but ${quoted(subject)} is not signed by ${quoted(issuer.subject)}`;
    }
  }
  return undefined;
}

function dateFault(path: readonly ShownCertificate[], now: Date): string | undefined {
  for (const { subject, validFrom, validTo } of path) {
    if (now > validTo) return `matches, but the certificate ${quoted(subject)} has expired`;
    if (now < validFrom) return `matches, but the certificate ${quoted(subject)} is not valid yet`;
  }
  return undefined;
}

function nameFault({ subject, altNames }: ShownCertificate, names: readonly string[]): string | undefined {
  const shown = { subject: { CN: subject }, subjectaltname: altNames.join(', ') } as unknown as PeerCertificate;
  // It throws for alternative names that nobody can have meant (CVE-2021-44532).
  const carried = (name: string): boolean => attempt(() => checkServerIdentity(name, shown) === undefined) === true;
  if (names.some(carried)) return undefined;
  return `matches, but the certificate is not for ${names.join(' or ') || 'any name that is known'}`;
}

/** Runs what Node refuses with an error when the bytes are not what they should be; undefined then. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // OpenSSL's errors do not all carry a code, so they cannot be told from others; only reading and comparing is done here.
    return undefined;
  }
}
