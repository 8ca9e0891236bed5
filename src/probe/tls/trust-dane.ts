import { type DaneMatch, matchDane, type TlsaLookup } from '../../transport-policy/dane.ts';
import type { Problem } from '../faults/problem.ts';
import type { PeerCertificate } from './tls-facts.ts';
import type { Trust } from './trust.ts';

/** How DANE looks at a host: `state` is that of the JSON contract, `match` what came of the comparison. */
export interface DaneView {
  state: 'match' | 'mismatch' | 'none' | 'insecure' | 'unusable' | 'unknown';
  /** Words for a mismatch, for the match, or for why nothing was compared. */
  words: string;
  /** Senders wait until the records can be had again (RFC 7672 2.1.2). */
  putsOff?: boolean;
}

/** Who looks at TLSA records, for people who have not met DANE. */
const SENDERS = 'DANE senders (Exchange Online, Postfix and others)';

/** Compares what was published with what was shown; `names`: the MX host and the domain asked (RFC 7672 3.2.2). */
export function viewDane(
  lookup: TlsaLookup,
  chain: readonly PeerCertificate[],
  names: readonly string[],
  now: Date,
): DaneView {
  if (lookup.state !== 'records') return unpublished(lookup);
  const match: DaneMatch =
    lookup.usable.length === 0
      ? { state: 'unusable', words: 'none of the TLSA records is of a usable kind (RFC 7672 3.1.3)' }
      : matchDane(lookup.usable, chain, lookup.base === undefined ? names : [...names, lookup.base], now);
  return { state: match.state, words: match.words };
}

/** The view of a host that showed no certificate, because TLS did not come up: nothing can match. */
export function viewDaneWithoutTls(lookup: TlsaLookup): DaneView {
  if (lookup.state !== 'records') return unpublished(lookup);
  return { state: 'mismatch', words: 'TLSA records are published, but TLS does not come up' };
}

function unpublished(lookup: Exclude<TlsaLookup, { state: 'records' }>): DaneView {
  switch (lookup.state) {
    case 'none':
      return { state: 'none', words: 'no TLSA records are published' };
    case 'insecure':
      return {
        state: 'insecure',
        words: 'TLSA records are published, but they or the host they belong to are not signed with DNSSEC',
      };
    case 'unknown':
      return { state: 'unknown', words: lookup.words, putsOff: lookup.failure !== undefined };
  }
}

/** The view as a line beside the other kinds of senders. */
export function daneTrust({ state, words, putsOff = false }: DaneView): Trust {
  const model = 'dane';
  switch (state) {
    case 'match':
      return { model, state: 'ok', delivers: true, words: `${SENDERS} deliver: ${words}.` };
    case 'mismatch':
      return { model, state: 'dane-mismatch', delivers: false, words: `${SENDERS} refuse: ${words}.` };
    case 'unusable':
      return { model, state, delivers: true, words: `${SENDERS} encrypt without checking: ${words}.` };
    case 'unknown':
      if (putsOff) return { model, state, delivers: false, words: `${SENDERS} put mail off: ${words}.` };
      return { model, state, delivers: null, words: `What DANE senders see is not known: ${words}.` };
    case 'none':
    case 'insecure':
      return { model, state, delivers: null, words: `DANE does not apply: ${words}.` };
  }
}

/** Secure TLSA records that cannot be had: plain senders deliver, those that know DANE wait (RFC 7672 2.1.2). */
export function daneOutage(lookup: TlsaLookup | undefined): Problem | undefined {
  if (lookup?.state !== 'unknown' || lookup.failure === undefined) return undefined;
  return {
    errorType: 'DnsFailure',
    cause: lookup.failure,
    owner: 'dns',
    stage: 'dns',
    words: `${SENDERS} put mail off, because ${lookup.words}`,
  };
}

/** What is worth a word although it changes no verdict: records that nobody can go by. Whole sentences. */
export function daneNotes(view: DaneView): string[] {
  if (view.state === 'unknown' && view.putsOff === true) return [];
  if (view.state === 'unknown') return [`${daneTrust(view).words} Where they get no answer either, they put mail off.`];
  return view.state === 'insecure' || view.state === 'unusable' ? [daneTrust(view).words] : [];
}

/** What a mismatch means, after the host's name. The digest that was seen stands with the trust models. */
export function daneMismatchWords({ words }: DaneView): string {
  const short = words.replace(/ \(we saw sha(?:256|512) [0-9a-f]+\)/g, '');
  return `certificate fails DANE, so DANE senders refuse: ${short}`;
}

/** What it means for DANE senders that TLS does not come up (RFC 7672 2.2: with secure TLSA records TLS is mandatory). */
export const DANE_NEEDS_TLS = `TLSA records are published, so ${SENDERS} will not deliver at all`;
