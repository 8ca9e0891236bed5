import ipaddr from 'ipaddr.js';

/** What a term of an SPF record is (RFC 7208 4.6.1, 5, 6). */
export type SpfTermKind =
  | 'all'
  | 'include'
  | 'a'
  | 'mx'
  | 'ptr'
  | 'ip4'
  | 'ip6'
  | 'exists'
  | 'redirect'
  | 'exp'
  | 'modifier'
  | 'unknown';

/** One mechanism or modifier. */
export interface SpfTerm {
  /** As it stands in the record. */
  text: string;
  kind: SpfTermKind;
  qualifier: '+' | '-' | '~' | '?';
  /** What follows the colon or the equals sign. */
  value: string;
}

/** Most terms that are read of one record. */
const MAX_TERMS = 100;

/** Characters of one term: a name has 253 (RFC 7208 7.3), and macros take a few more. */
export const MAX_TERM = 400;

const MECHANISMS = new Set<SpfTermKind>(['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists']);

/** Terms that cost a DNS look-up of the ten (RFC 7208 4.6.4). */
const LOOKUPS = new Set<SpfTermKind>(['include', 'a', 'mx', 'ptr', 'exists', 'redirect']);

/** True for a term that a receiver needs the DNS for. */
export function needsLookup({ kind }: SpfTerm): boolean {
  return LOOKUPS.has(kind);
}

/** True for `v=spf1` and what begins with it and a blank (RFC 7208 4.5). */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** The terms of a record. */
export function parseSpf(record: string): SpfTerm[] {
  return record.split(/\s+/).slice(1, MAX_TERMS).filter(Boolean).map(parseTerm);
}

function parseTerm(text: string): SpfTerm {
  const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(text);
  if (modifier !== null) {
    const name = modifier[1]?.toLowerCase();
    const kind = name === 'redirect' || name === 'exp' ? name : 'modifier';
    return { text, kind, qualifier: '+', value: modifier[2] ?? '' };
  }
  const [, sign = '', name = '', value = ''] = /^([-+~?]?)([^:/]*)(.*)$/.exec(text) ?? [];
  const lower = name.toLowerCase();
  const kind = [...MECHANISMS].find((mechanism) => mechanism === lower) ?? 'unknown';
  const qualifier = sign === '-' || sign === '~' || sign === '?' ? sign : '+';
  return { text, kind, qualifier, value: value.replace(/^:/, '') };
}

/** What makes a receiver give up on the record (permerror), in words; undefined for a sound term. */
export function termProblem({ kind, text, value }: SpfTerm): string | undefined {
  if (text.length > MAX_TERM) return `"${text.slice(0, 60)}…" is longer than a name may be`;
  switch (kind) {
    case 'unknown':
      return `"${text.slice(0, 60)}" is no SPF mechanism`;
    case 'include':
    case 'exists':
    case 'redirect':
      return value === '' ? `"${text}" names no domain` : undefined;
    case 'ip4':
    case 'ip6':
      return isRange(value, kind)
        ? undefined
        : `"${text.slice(0, 60)}" is not an ${kind === 'ip4' ? 'IPv4' : 'IPv6'} range`;
    case 'all':
      return value === '' ? undefined : `"${text.slice(0, 60)}" has something after all`;
    default:
      return undefined;
  }
}

function isRange(text: string, kind: 'ip4' | 'ip6'): boolean {
  const family = kind === 'ip4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const [address = '', bits] = text.split('/');
  if (bits !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(bits)) return false;
  if (Number(bits ?? 0) > (kind === 'ip4' ? 32 : 128)) return false;
  return kind === 'ip4' ? ipaddr.IPv4.isValidFourPartDecimal(address) : family.isValid(address);
}
