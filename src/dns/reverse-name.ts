import ipaddr from 'ipaddr.js';

/** The name under which the PTR records of an address live (RFC 1035 3.5, RFC 3596 2.5); undefined for no address. */
export function reverseName(ip: string): string | undefined {
  if (!ipaddr.isValid(ip)) return undefined;
  const address = ipaddr.process(ip);
  const bytes = address.toByteArray().reverse();
  if (address.kind() === 'ipv4') return `${bytes.join('.')}.in-addr.arpa`;
  const nibbles = bytes.map((byte) => `${(byte & 15).toString(16)}.${(byte >> 4).toString(16)}`);
  return `${nibbles.join('.')}.ip6.arpa`;
}
