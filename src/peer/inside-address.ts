import ipaddr from 'ipaddr.js';

/** Ranges that mean something only inside one network or machine (RFC 6890), as ipaddr.js names them. */
const INSIDE = new Set([
  'private',
  'uniqueLocal',
  'loopback',
  'linkLocal',
  'carrierGradeNat',
  'unspecified',
  'multicast',
  'broadcast',
]);

/** True for an address that nobody outside can reach, and for what is none. */
export function isInsideAddress(ip: string): boolean {
  return !ipaddr.isValid(ip) || INSIDE.has(ipaddr.process(ip).range());
}
