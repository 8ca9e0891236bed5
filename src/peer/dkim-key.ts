import { createPublicKey, type KeyObject } from 'node:crypto';
import { parseTags } from './tags.ts';

/** A DKIM key record (RFC 6376 3.6.1), read. */
export type DkimKey =
  | { kind: 'key'; type: 'rsa' | 'ed25519'; bits: number; testing: boolean }
  | { kind: 'revoked'; testing: boolean }
  | { kind: 'broken'; words: string }
  /** A TXT record that is about something else, as a wildcard gives. */
  | { kind: 'other' };

/** Bits of a P-256-like strength that RFC 8463 gives Ed25519 keys. */
const ED25519_BITS = 256;

/** Reads a key record. */
export function parseDkimKey(record: string): DkimKey {
  const { tags } = parseTags(record);
  const version = tags.get('v');
  const key = tags.get('p');
  if (version !== undefined && version !== 'DKIM1') {
    return key === undefined ? { kind: 'other' } : { kind: 'broken', words: 'its version is not DKIM1' };
  }
  if (key === undefined) {
    return version === undefined ? { kind: 'other' } : { kind: 'broken', words: 'it has no key (p=)' };
  }
  const testing = (tags.get('t') ?? '').split(':').some((flag) => flag.trim() === 'y');
  // RFC 6376 3.6.1: an empty p= means that the key was revoked.
  if (key === '') return { kind: 'revoked', testing };
  const type = (tags.get('k') ?? 'rsa').toLowerCase();
  if (type !== 'rsa' && type !== 'ed25519')
    return { kind: 'broken', words: `its key type ${type.slice(0, 20)} is unknown` };
  const bytes = Buffer.from(key.replace(/\s+/g, ''), 'base64');
  if (type === 'ed25519') {
    return bytes.length === 32
      ? { kind: 'key', type, bits: ED25519_BITS, testing }
      : { kind: 'broken', words: 'its Ed25519 key is not 32 bytes long' };
  }
  const bits = rsaKey(bytes)?.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined) return { kind: 'broken', words: 'its key cannot be read: it was cut or mistyped' };
  return { kind: 'key', type, bits, testing };
}

/** SubjectPublicKeyInfo as everybody publishes, or the bare RSAPublicKey that RFC 6376 also describes. */
function rsaKey(der: Buffer): KeyObject | undefined {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const key = createPublicKey({ key: der, format: 'der', type });
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {}
  }
  return undefined;
}
