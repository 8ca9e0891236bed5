import type { Issued } from './certificates.ts';

/** Where one server of a scenario stands. */
export interface Place {
  /** Full name, without the last dot. */
  host: string;
  ip: string;
  ip6: string;
  /** Its certificate and key, and who signed it; missing where the server has no TLS. */
  issued?: Issued;
}

/** The domain of a scenario. */
export function domainOf({ name, zone }: { name: string; zone: string }): string {
  return `${name}.${zone}.example`;
}

/** An address of a network that is not there: packets to it vanish without an answer. */
export const VANISHING = '198.51.100.66';

/** An address that a router reports as unreachable. */
export const UNREACHABLE = '198.51.100.200';

/** An IPv6 address to which there is no route at all. */
export const NO_ROUTE_6 = '2001:db8:dead::25';

/** The lab's addresses; on a machine without namespaces everything stands on loopback. */
export interface AddressPlan {
  nameServer: string;
  resolver: { ip: string; port: number };
  /** A name server that knows no zone. */
  lame: string;
  /** A small forwarder such as offices have, which knows MX and address records of its own and no DNSSEC. */
  office: { ip: string; port: number };
  /** Where a name server would be that never answers. */
  silent: string;
  policyService: string;
  /** Address of the nth server of the lab. */
  server(index: number): { ip: string; ip6: string };
}

/** Addresses inside a network namespace: the documentation ranges themselves (RFC 5737, RFC 3849). */
export const NAMESPACE_PLAN: AddressPlan = {
  nameServer: '192.0.2.2',
  resolver: { ip: '192.0.2.3', port: 53 },
  silent: '198.51.100.53',
  lame: '192.0.2.6',
  office: { ip: '192.0.2.7', port: 53 },
  policyService: '192.0.2.5',
  server: (index) => ({
    ip: index < 250 ? `203.0.113.${index + 1}` : `192.0.2.${index - 240}`,
    ip6: `2001:db8::${(index + 1).toString(16)}`,
  }),
};

/** The same on loopback. */
export const LOOPBACK_PLAN: AddressPlan = {
  nameServer: '127.2.0.2',
  resolver: { ip: '127.2.0.3', port: 53 },
  silent: '127.2.0.4',
  lame: '127.2.0.6',
  office: { ip: '127.2.0.7', port: 53 },
  policyService: '127.2.0.5',
  server: (index) => ({ ip: `127.3.${Math.floor(index / 250)}.${(index % 250) + 1}`, ip6: '::1' }),
};
