import { isHostName } from '../dns/host-name.ts';
import { quoted } from './remote-text.ts';

/** What a domain asks of those who send to it (RFC 8461 3.2). */
export interface MtaStsPolicy {
  /** From the TXT record; it changes when the policy does. */
  id: string;
  mode: 'enforce' | 'testing' | 'none';
  /** Host names in lower case; `*.` stands for exactly one label. */
  mx: string[];
  maxAgeS: number;
}

/** `broken` completes "the policy …". */
export type ParsedPolicy = { policy: Omit<MtaStsPolicy, 'id'>; warnings: string[] } | { broken: string };

/** RFC 8461 3.2: about one year is the most; 2.1 of RFC 8461 and its operators' advice: less than a day protects nobody. */
const MAX_AGE_S = 31_557_600;
const SHORT_AGE_S = 86_400;

/** Fields that may stand once and mean something. */
const KNOWN: readonly string[] = ['version', 'mode', 'max_age'];

const MODES = ['enforce', 'testing', 'none'] as const;

/** Reads a policy file, whose lines end in LF or CRLF. Unknown fields are passed over, of a repeated one the first counts. */
export function parsePolicy(text: string): ParsedPolicy {
  const warnings = new Set<string>();
  const fields = new Map<string, string>();
  const patterns: string[] = [];
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') {
      warnings.add('the policy has empty lines');
      continue;
    }
    const at = line.indexOf(':');
    const key = line.slice(0, Math.max(at, 0)).trimEnd();
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(key) || /[\x00-\x08\x0a-\x1f\x7f]/.test(line)) {
      return { broken: `is malformed: line ${index + 1} is ${quoted(line)}, not "key: value"` };
    }
    const value = line.slice(at + 1).trim();
    if (key === 'mx') patterns.push(value.toLowerCase());
    else if (!fields.has(key)) fields.set(key, value);
    else if (KNOWN.includes(key)) warnings.add(`${key} is given more than once; the first counts`);
  }
  return judgeFields(fields, patterns, [...warnings]);
}

function judgeFields(fields: ReadonlyMap<string, string>, patterns: string[], warnings: string[]): ParsedPolicy {
  const version = fields.get('version');
  if (version === undefined) return { broken: 'has no version' };
  if (version !== 'STSv1') return { broken: `has the version ${quoted(version)}, not STSv1` };
  const mode = MODES.find((known) => known === fields.get('mode'));
  if (mode === undefined) {
    const given = fields.get('mode');
    return { broken: given === undefined ? 'has no mode' : `has the unknown mode ${quoted(given)}` };
  }
  const age = fields.get('max_age');
  if (age === undefined) return { broken: 'has no max_age' };
  if (!/^\d{1,10}$/.test(age)) return { broken: `has the max_age ${quoted(age)}, which is not a number of seconds` };
  const mx = patterns.filter(isPattern);
  const odd = patterns.find((pattern) => !isPattern(pattern));
  if (mode !== 'none' && mx.length === 0) {
    return { broken: odd === undefined ? 'names no mx' : `names no mx but ${quoted(odd)}, which is no host name` };
  }
  const maxAgeS = Number(age);
  if (odd !== undefined) warnings.push(`the mx ${quoted(odd)} can match no host`);
  if (maxAgeS > MAX_AGE_S) warnings.push(`max_age is ${maxAgeS} s; more than a year (${MAX_AGE_S} s) is not allowed`);
  else if (mode !== 'none' && maxAgeS < SHORT_AGE_S) {
    warnings.push(`max_age is ${maxAgeS} s; senders forget a policy of less than a day before it protects anything`);
  }
  return { policy: { mode, mx, maxAgeS }, warnings };
}

function isPattern(pattern: string): boolean {
  return isHostName(pattern.startsWith('*.') ? pattern.slice(2) : pattern);
}

/** Does the policy name this MX host? A wildcard stands for one label, the leftmost (RFC 8461 4.1, RFC 6125 6.4). */
export function policyNames(policy: MtaStsPolicy, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const parent = name.slice(name.indexOf('.') + 1);
  return policy.mx.some((pattern) =>
    pattern.startsWith('*.') ? name.indexOf('.') > 0 && pattern.slice(2) === parent : pattern === name,
  );
}
