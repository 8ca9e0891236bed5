import { isIP } from 'node:net';
import type { DnsAnswer, DnsResolver, MxRecord } from '../dns/resolver.ts';
import { failureFinding } from './findings.ts';
import { isInsideAddress } from './inside-address.ts';
import { failureWords, isUnanswered, lookupState, missing } from './lookup-state.ts';
import type { PeerFinding, PeerReport } from './report.ts';
import { type Lookup, notAsked } from './section-schemas.ts';

/** Addresses that are kept of all hosts together. */
const MAX_ADDRESSES = 20;

/** Where a peer's mail goes: what the rest of the look-up builds on. */
export interface PeerHosts {
  kind: PeerReport['kind'];
  mx: PeerReport['mx'];
  addresses: string[];
  findings: PeerFinding[];
  lookups: { mx: Lookup; addresses: Lookup };
  dnssec: PeerReport['dnssec'];
}

/** The hosts of an address: itself. */
export function ipHosts(ip: string): PeerHosts {
  return {
    kind: 'ip',
    mx: [],
    addresses: [ip],
    findings: [],
    lookups: { mx: notAsked('An address has no MX.'), addresses: { state: 'ok', words: 'Asked about directly.' } },
    dnssec: 'unknown',
  };
}

/** The hosts of a name: its MX hosts with their addresses, or its own addresses where it has no MX (RFC 5321 5.1). */
export async function namedHosts(name: string, resolver: DnsResolver): Promise<PeerHosts> {
  // Asked together: of dead name servers it is enough to wait for once.
  const [answer, v4, v6] = await Promise.all([resolver.mx(name), resolver.a(name), resolver.aaaa(name)]);
  if (answer.status === 'ok') return domainHosts(name, answer.records, dnssecOf(answer), resolver);
  const mx = missing(`The MX record of ${name}`, answer.status, `${name} has no MX record.`);
  const addresses = [...v4.records, ...v6.records].slice(0, MAX_ADDRESSES);
  const lookups = { mx, addresses: addressLookup(name, addresses, [v4, v6]) };
  if (addresses.length > 0) {
    const text = 'There is no MX record: mail for this name goes to its own address (RFC 5321 5.1).';
    const noted: PeerFinding[] = answer.status === 'nodata' ? [{ severity: 'info', text }] : [];
    // With the MX unknown, mail waits: senders may not fall back to the address then.
    const unknown: PeerFinding[] = isUnanswered(answer.status)
      ? [{ severity: 'error', text: mx.words, owner: 'dns', fix: `Mend the name servers of ${name}` }]
      : [];
    return { kind: 'host', mx: [], addresses, findings: [...unknown, ...noted], lookups, dnssec: dnssecOf(v4) };
  }
  const finding: PeerFinding =
    answer.status === 'nodata'
      ? { severity: 'error', text: `${name} has neither MX nor address records.`, owner: 'recipient' }
      : failureFinding(name, answer.status);
  return { kind: 'domain', mx: [], addresses: [], findings: [finding], lookups, dnssec: dnssecOf(answer) };
}

async function domainHosts(
  name: string,
  records: readonly MxRecord[],
  dnssec: PeerReport['dnssec'],
  resolver: DnsResolver,
): Promise<PeerHosts> {
  if (records.every(({ host }) => host === '')) {
    const text = `${name} says that it accepts no mail (null MX, RFC 7505).`;
    return {
      kind: 'domain',
      mx: records.map((record) => ({ ...record, addresses: [] })),
      addresses: [],
      findings: [{ severity: 'warning', text }],
      lookups: { mx: { state: 'ok', words: text }, addresses: notAsked('There is no MX host to look up.') },
      dnssec,
    };
  }
  const hosts = await Promise.all(records.map((record) => mxHost(record, resolver)));
  const findings = hosts.flatMap((host) => host.findings);
  const wrong = findings.find(({ severity }) => severity === 'error' || severity === 'warning');
  const addresses = [...new Set(hosts.flatMap(({ entry }) => entry.addresses))].slice(0, MAX_ADDRESSES);
  const count = `${records.length} MX ${records.length === 1 ? 'host' : 'hosts'}.`;
  const mx: Lookup = wrong === undefined ? { state: 'ok', words: count } : { state: 'wrong', words: wrong.text };
  return {
    kind: 'domain',
    mx: hosts.map(({ entry }) => entry),
    addresses,
    findings,
    lookups: {
      mx,
      addresses: addressLookup(
        `The address of ${name}'s MX`,
        addresses,
        hosts.flatMap((host) => host.asked),
      ),
    },
    dnssec,
  };
}

interface MxHost {
  entry: PeerReport['mx'][number];
  findings: PeerFinding[];
  asked: DnsAnswer<string>[];
}

async function mxHost({ host, preference }: MxRecord, resolver: DnsResolver): Promise<MxHost> {
  const entry: PeerReport['mx'][number] = { host, preference, addresses: [] };
  const owner = 'recipient';
  if (host === '') {
    const text = 'A null MX stands beside other MX records, which RFC 7505 forbids.';
    return { entry, findings: [{ severity: 'warning', text, owner }], asked: [] };
  }
  if (isIP(host) !== 0) {
    const text = `MX ${preference} points at the address ${host}, where a host name must stand.`;
    const fix = `Give ${host} a name and point the MX at it`;
    return { entry, findings: [{ severity: 'error', text, owner, fix }], asked: [] };
  }
  const findings: PeerFinding[] = [];
  const [v4, v6, alias] = await Promise.all([resolver.a(host), resolver.aaaa(host), resolver.cname(host)]);
  entry.addresses = [...v4.records, ...v6.records];
  const target = alias.records[0];
  if (target !== undefined) {
    const text = `MX host ${host} is an alias (CNAME) of ${target}, which RFC 5321 5.1 does not allow.`;
    findings.push({ severity: 'warning', text, owner, fix: `Point the MX at ${target} itself` });
  }
  const [inside] = entry.addresses;
  if (inside !== undefined && entry.addresses.every(isInsideAddress)) {
    const text = `MX host ${host} has only the inside address ${inside}: nobody outside can reach it.`;
    findings.push({ severity: 'warning', text, owner, fix: `Give ${host} a public address in the public DNS` });
  }
  if (entry.addresses.length === 0) {
    const status = v4.status === 'ok' || v4.status === 'nodata' ? v6.status : v4.status;
    findings.push(
      status === 'ok' || status === 'nodata'
        ? { severity: 'error', text: `MX host ${host} has no address.`, owner, fix: `Give ${host} an A or AAAA record` }
        : failureFinding(`MX host ${host}`, status),
    );
  }
  return { entry, findings, asked: [v4, v6] };
}

/** One state for the A and AAAA look-ups: what was found counts, then what was not answered. */
function addressLookup(what: string, found: readonly string[], asked: readonly DnsAnswer<string>[]): Lookup {
  if (found.length > 0 && found.every(isInsideAddress)) {
    return { state: 'wrong', words: `Only inside addresses such as ${found[0]}: nobody outside can reach them.` };
  }
  if (found.length > 0)
    return { state: 'ok', words: `${found.length} ${found.length === 1 ? 'address' : 'addresses'}.` };
  const status = asked.map((answer) => answer.status).find((one) => one !== 'ok' && lookupState(one) !== 'absent');
  if (status === undefined || status === 'ok') return { state: 'absent', words: `${what} is not there.` };
  return { state: lookupState(status), words: failureWords(what, status) };
}

function dnssecOf({ status, secure }: DnsAnswer<unknown>): PeerReport['dnssec'] {
  if (status === 'dnssec') return 'bogus';
  return secure === undefined ? 'unknown' : secure ? 'secure' : 'insecure';
}
