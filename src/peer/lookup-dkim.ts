import type { DnsResolver } from '../dns/resolver.ts';
import { parseDkimKey } from './dkim-key.ts';
import { isUnanswered, missing, worstState } from './lookup-state.ts';
import type { DkimSection, DkimSelector, Lookup } from './section-schemas.ts';

/** Selectors that are asked for. */
const MAX_SELECTORS = 30;

/** RFC 8301 3.2: signers must use 1024 bits at least and should use 2048. */
const MIN_RSA_BITS = 1024;
const GOOD_RSA_BITS = 2048;

/**
 * Looks for DKIM keys under selectors in common use. Not finding one proves nothing: a selector is known for sure only from
 * a signed message.
 */
export async function lookupDkim(
  domain: string,
  selectors: readonly string[],
  resolver: DnsResolver,
): Promise<DkimSection> {
  const asked = [...new Set(selectors)].slice(0, MAX_SELECTORS);
  const all = await Promise.all(asked.map((selector) => lookupSelector(domain, selector, resolver)));
  const found = all.filter(({ state }) => state !== 'absent');
  return { ...summary(domain, found, asked.length), selectors: found, asked: asked.length };
}

async function lookupSelector(domain: string, selector: string, resolver: DnsResolver): Promise<DkimSelector> {
  const name = `${selector}._domainkey.${domain}`;
  const [answer, alias] = await Promise.all([resolver.txt(name), resolver.cname(name)]);
  const target = alias.records[0] ?? null;
  const entry = { selector, keyType: null, bits: null, revoked: false, testing: false, alias: target };
  if (answer.status !== 'ok') {
    const none = `${selector}: no key.`;
    if (target === null || isUnanswered(answer.status)) return { ...entry, ...missing(name, answer.status, none) };
    // An alias that leads nowhere: the signing service was given up, or its key is not published yet.
    return { ...entry, state: 'wrong', words: `${selector} points at ${target}, where there is no key.` };
  }
  const keys = answer.records.map(parseDkimKey).filter(({ kind }) => kind !== 'other');
  const [key] = keys;
  if (key === undefined || key.kind === 'other') return { ...entry, state: 'absent', words: `${selector}: no key.` };
  if (keys.length > 1)
    return { ...entry, state: 'wrong', words: `${selector} has ${keys.length} keys where one must stand.` };
  if (key.kind === 'broken') return { ...entry, state: 'wrong', words: `${selector} cannot be used: ${key.words}.` };
  if (key.kind === 'revoked') {
    return {
      ...entry,
      revoked: true,
      testing: key.testing,
      state: 'wrong',
      words: `${selector} was revoked (empty p=).`,
    };
  }
  const read = { ...entry, keyType: key.type, bits: key.bits, testing: key.testing };
  if (key.type === 'rsa' && key.bits < MIN_RSA_BITS) {
    const words = `${selector} has a key of ${key.bits} bits, which receivers ignore (RFC 8301: 1024 at least).`;
    return { ...read, state: 'wrong', words };
  }
  const notes = [
    ...(key.type === 'rsa' && key.bits < GOOD_RSA_BITS ? ['2048 bits are advised'] : []),
    ...(key.testing ? ['in test mode (t=y)'] : []),
  ];
  const about = key.type === 'rsa' ? `RSA ${key.bits}` : 'Ed25519';
  return { ...read, state: 'ok', words: `${selector}: ${[about, ...notes].join(', ')}.` };
}

function summary(domain: string, found: readonly DkimSelector[], asked: number): Lookup {
  const usable = found.filter(({ state }) => state === 'ok');
  if (usable.length > 0) {
    return { state: 'ok', words: `DKIM keys under ${usable.map(({ selector }) => selector).join(', ')}.` };
  }
  const [first] = found;
  if (first === undefined) {
    return { state: 'absent', words: `No DKIM key under ${asked} common selectors; ${domain} may use another one.` };
  }
  const revoked = found.every((one) => one.revoked);
  if (revoked) return { state: 'absent', words: `${domain} has revoked its DKIM keys: it signs nothing.` };
  return { state: worstState(found.map(({ state }) => state)), words: first.words };
}
