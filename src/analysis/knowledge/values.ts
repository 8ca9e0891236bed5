import { isIP } from 'node:net';
import type { FillValues } from './fill.ts';

/** What was found out and can be filled into a command. Everything is optional; null means the same as missing. */
export interface GuideValues {
  /** The remote host that was tried or answered. */
  host?: string | null;
  ip?: string | null;
  /** The port that was tried; 25 when nothing is said. */
  port?: string | null;
  /** The mail domain in question. */
  domain?: string | null;
  recipient?: string | null;
  sender?: string | null;
  /** Our own address as the remote saw it. */
  senderIp?: string | null;
  code?: string | null;
  enhanced?: string | null;
  text?: string | null;
  connector?: string | null;
  server?: string | null;
  messageId?: string | null;
  /** The control target of a probe, where it failed as well: nothing can be reached from here. */
  control?: string | null;
  /** Set when other addresses of the same target work. */
  partial?: string | null;
  /** Set when it was the egress policy of mailmedic that forbade the connection. */
  policy?: string | null;
}

/**
 * The values that templates may use: those given, and what follows from them. `name` is a host name and no address,
 * `address` what can be dialled, `peer` what can stand before `:25`, `target` what was probed,
 * `query` what Resolve-DnsName is asked for; a 5xx is `final`, all else may still be `queued`; `alone` is set unless
 * other addresses of the target are known to work.
 */
export function derive(values: GuideValues): FillValues {
  const domain = values.domain || domainOf(values.recipient);
  const name = values.host && isIP(values.host) === 0 ? values.host : null;
  const address = values.ip || values.host;
  const peer = values.host || values.ip;
  return {
    ...values,
    domain,
    name,
    address,
    peer: peer && isIP(peer) === 6 ? `[${peer}]` : peer,
    target: domain || peer,
    v6: address && isIP(address) === 6 ? address : null,
    query: domain ? `${domain} -Type MX` : name,
    senderDomain: domainOf(values.sender),
    queued: values.code?.startsWith('5') ? null : 'queued',
    final: values.code?.startsWith('5') ? 'final' : null,
    alone: values.partial ? null : 'alone',
  };
}

/** For manuals: the receiving side is contoso, the sending side fabrikam. */
export const EXAMPLES = {
  ...derive({
    host: 'mx1.contoso.example',
    ip: '203.0.113.10',
    recipient: 'kim@contoso.example',
    sender: 'lee@fabrikam.example',
    senderIp: '198.51.100.25',
    connector: 'Outbound to Office 365',
    server: 'EX01',
  }),
  final: 'final',
  v6: '2001:db8::25',
} satisfies FillValues;

function domainOf(address: string | null | undefined): string | null {
  const at = address?.lastIndexOf('@') ?? -1;
  return address === null || address === undefined || at < 0 ? null : address.slice(at + 1);
}
