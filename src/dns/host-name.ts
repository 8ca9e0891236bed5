import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** True for a host name that can be looked up and shown: at most 253 characters in labels of letters, digits, `-`, `_`. */
export function isHostName(name: string): boolean {
  return name.length > 0 && name.length <= 253 && name.split('.').every((label) => LABEL.test(label));
}

/** The name as A-labels (RFC 5890) without the trailing dot; undefined when it cannot be a host name. */
export function asciiHostName(name: string): string | undefined {
  // Node drops CR, LF and TAB and decodes percent signs on the way; a name with those is somebody's mistake or attack.
  if (name.length > 1024 || /[\s\p{Cc}%:/\\?#@[\]]/u.test(name)) return undefined;
  const bare = bareName(name);
  const ascii = domainToASCII(bare);
  // `2130706433` would come back as 127.0.0.1.
  if (isIP(ascii) !== 0 && ascii !== bare) return undefined;
  return isHostName(ascii) ? ascii : undefined;
}

/** Without the dot of the root. */
export function bareName(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
