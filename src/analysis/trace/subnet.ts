import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Bits of a source network: what one firewall rule or one site usually covers. */
const BITS = { ipv4: 24, ipv6: 64 };

/** `104.47.34.97` becomes `104.47.34.0/24`, an IPv6 address its /64; empty when it is not an address. */
export function subnetOf(address: string): string {
  if (isIP(address) === 0) return '';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return `${parsed.toString().replace(/\.\d+$/, '')}.0/${BITS.ipv4}`;
  const bytes = parsed.toByteArray().map((byte, at) => (at < BITS.ipv6 / 8 ? byte : 0));
  return `${new ipaddr.IPv6(bytes).toString()}/${BITS.ipv6}`;
}
