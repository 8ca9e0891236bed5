import { isIP } from 'node:net';

/** A name server. */
export interface ServerAddress {
  address: string;
  port: number;
}

const DNS_PORT = 53;

/** Reads `addr`, `addr:port`, `v6` or `[v6]:port`, as node:dns and resolv.conf write servers; undefined for anything else. */
export function parseServer(server: string): ServerAddress | undefined {
  if (isIP(server) !== 0) return { address: server, port: DNS_PORT };
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(server);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? DNS_PORT);
  if (address === undefined || isIP(address) !== (match?.[1] === undefined ? 4 : 6)) return undefined;
  return port > 0 && port < 65_536 ? { address, port } : undefined;
}
