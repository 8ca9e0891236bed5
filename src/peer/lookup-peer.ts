import { isIP } from 'node:net';
import { withTimeLimit } from '../dns/deadline.ts';
import type { DnsResolver, MxRecord } from '../dns/resolver.ts';
import { failureFinding, ptrFinding, sortFindings } from './findings.ts';
import { parsePeerTarget } from './peer-target.ts';
import type { PeerReport } from './report.ts';
import { reverseDns } from './reverse-dns.ts';

export type PeerLookup = (target: string, options: { signal: AbortSignal }) => Promise<PeerReport>;

type Finding = PeerReport['findings'][number];

/** Addresses whose reverse DNS is looked up. */
const MAX_ADDRESSES = 20;

/** All look-ups about one peer together; what is silent longer is reported as silent. */
const TIMEOUT_MS = 15_000;

export interface PeerLookupOptions {
  resolver: DnsResolver;
  /** Milliseconds for all look-ups together. */
  timeoutMs?: number;
}

/** Looks a peer up in DNS: its MX hosts with their addresses, and the reverse DNS of each. Throws UserError for bad input. */
export function createPeerLookup({ resolver, timeoutMs = TIMEOUT_MS }: PeerLookupOptions): PeerLookup {
  return async (target, { signal }) => {
    const parsed = parsePeerTarget(target);
    return withTimeLimit(resolver, timeoutMs, signal, async (limited) => {
      const found = parsed.kind === 'ip' ? ipPeer(parsed.ip) : await namedPeer(parsed.name, limited);
      const addresses = found.addresses.slice(0, MAX_ADDRESSES);
      const reverse = await Promise.all(addresses.map((ip) => reverseDns(ip, limited)));
      const findings = sortFindings([
        ...found.findings,
        ...reverse.map((one) => ptrFinding(one, found.kind !== 'domain')),
      ]);
      const peer = {
        target: target.trim(),
        kind: found.kind,
        mx: found.mx,
        addresses,
        ptr: reverse.map(({ entry }) => entry),
        findings,
      };
      return { ...peer, summary: summarize(peer) };
    });
  };
}

interface Peer {
  kind: PeerReport['kind'];
  mx: PeerReport['mx'];
  addresses: string[];
  findings: Finding[];
}

function ipPeer(ip: string): Peer {
  return { kind: 'ip', mx: [], addresses: [ip], findings: [] };
}

async function namedPeer(name: string, resolver: DnsResolver): Promise<Peer> {
  const answer = await resolver.mx(name);
  if (answer.status === 'ok') return domainPeer(name, answer.records, resolver);
  const [v4, v6] = await Promise.all([resolver.a(name), resolver.aaaa(name)]);
  const addresses = [...v4.records, ...v6.records];
  if (addresses.length > 0) {
    const text = 'There is no MX record: mail for this name goes to its own address (RFC 5321 5.1).';
    const noted: Finding[] = answer.status === 'nodata' ? [{ severity: 'info', text }] : [];
    return { kind: 'host', mx: [], addresses, findings: noted };
  }
  const finding: Finding =
    answer.status === 'nodata'
      ? { severity: 'error', text: `${name} has neither MX nor address records.` }
      : failureFinding(name, answer.status);
  return { kind: 'domain', mx: [], addresses: [], findings: [finding] };
}

async function domainPeer(name: string, records: readonly MxRecord[], resolver: DnsResolver): Promise<Peer> {
  if (records.every(({ host }) => host === '')) {
    const text = `${name} says that it accepts no mail (null MX, RFC 7505).`;
    return {
      kind: 'domain',
      mx: records.map((record) => ({ ...record, addresses: [] })),
      addresses: [],
      findings: [{ severity: 'warning', text }],
    };
  }
  const hosts = await Promise.all(records.map((record) => mxHost(record, resolver)));
  return {
    kind: 'domain',
    mx: hosts.map(({ entry }) => entry),
    addresses: [...new Set(hosts.flatMap(({ entry }) => entry.addresses))],
    findings: hosts.flatMap(({ findings }) => findings),
  };
}

async function mxHost({ host, preference }: MxRecord, resolver: DnsResolver) {
  const findings: Finding[] = [];
  const entry: PeerReport['mx'][number] = { host, preference, addresses: [] };
  if (host === '') {
    findings.push({ severity: 'warning', text: 'A null MX stands beside other MX records, which RFC 7505 forbids.' });
  } else if (isIP(host) !== 0) {
    findings.push({
      severity: 'error',
      text: `MX ${preference} points at the address ${host}, where a host name must stand.`,
    });
  } else {
    const [v4, v6, alias] = await Promise.all([resolver.a(host), resolver.aaaa(host), resolver.cname(host)]);
    entry.addresses = [...v4.records, ...v6.records];
    const target = alias.records[0];
    if (target !== undefined) {
      findings.push({
        severity: 'warning',
        text: `MX host ${host} is an alias (CNAME) of ${target}, which RFC 5321 5.1 does not allow.`,
      });
    }
    if (entry.addresses.length === 0) {
      const status = v4.status === 'ok' || v4.status === 'nodata' ? v6.status : v4.status;
      const none: Finding = { severity: 'error', text: `MX host ${host} has no address.` };
      findings.push(status === 'ok' || status === 'nodata' ? none : failureFinding(`MX host ${host}`, status));
    }
  }
  return { entry, findings };
}

function summarize({ target, kind, mx, addresses, findings }: Omit<PeerReport, 'summary'>): string {
  const worst = findings[0];
  if (worst?.severity === 'error' || worst?.severity === 'warning') return worst.text;
  if (kind === 'ip') return worst?.text ?? `Nothing is known about ${target}.`;
  const count = `${addresses.length} ${addresses.length === 1 ? 'address' : 'addresses'}`;
  if (kind === 'host') return `${target} has ${count} and no MX record.`;
  return `${target} has ${mx.length} MX ${mx.length === 1 ? 'host' : 'hosts'} with ${count}.`;
}
