import { isIP } from 'node:net';
import type { DnsResolver } from '../dns/resolver.ts';
import { exchangeMembership } from './exchange-online.ts';
import { ipHosts, namedHosts, type PeerHosts } from './find-hosts.ts';
import { ptrFinding } from './findings.ts';
import { lookupBimi } from './lookup-bimi.ts';
import { lookupBlocklists } from './lookup-blocklists.ts';
import { lookupDane } from './lookup-dane.ts';
import { lookupDkim } from './lookup-dkim.ts';
import { lookupDmarc } from './lookup-dmarc.ts';
import { bannerMatches, lookupHistory, type PastProbes } from './lookup-history.ts';
import { lookupMtaSts } from './lookup-mta-sts.ts';
import { lookupTlsReports } from './lookup-tls-rpt.ts';
import { organizationalDomain } from './org-domain.ts';
import type { PeerSetup } from './peer-setup.ts';
import type { PeerTarget } from './peer-target.ts';
import { providerOf } from './provider.ts';
import type { PeerFinding, PeerReport, PeerSection } from './report.ts';
import { ptrLookup, reverseDns } from './reverse-dns.ts';
import { notAsked } from './section-schemas.ts';
import { lookupSpf } from './spf/lookup-spf.ts';

/** What one look-up of a peer works with. */
export interface PeerRun {
  parsed: PeerTarget;
  /** The sending domain that was asked about beside the target. */
  domain: string | undefined;
  setup: PeerSetup;
  signal: AbortSignal;
  /** Runs look-ups under the time limit of one part. */
  limited<T>(work: (resolver: DnsResolver, leftMs: number) => Promise<T>): Promise<T>;
  /** Reports that a part has ended, with what it found. */
  take(section: PeerSection, patch: Partial<PeerReport>, findings?: readonly PeerFinding[]): void;
  /** Adds what is known before any part has ended. */
  know(patch: Partial<PeerReport>): void;
  /** The report as it stands. */
  report(): PeerReport;
}

/**
 * Runs every part at once; each waits only for what it needs, so that a dead name server delays its own part alone. The
 * cheap ones are asked first: hosts, SPF, DMARC, then reverse names, block lists, DKIM and MTA-STS.
 */
export async function runSections(run: PeerRun): Promise<void> {
  const hosts = findHosts(run);
  const history = findHistory(run, hosts);
  const own = ownDomain(run.parsed, hosts);
  // All of them at once: a promise that nobody waits for yet must not be the first to fail.
  await Promise.all([
    hosts,
    history,
    sendingPolicies(run, hosts, own),
    reverse(run, hosts, history),
    membership(run, hosts),
    blocklists(run, hosts),
    receivingPolicies(run, hosts, own),
  ]);
}

/** A registered domain has policies whatever its MX look-up says; any other name only when it takes mail. */
async function ownDomain(parsed: PeerTarget, hosts: Promise<PeerHosts>): Promise<string | null> {
  if (parsed.kind === 'ip') return null;
  if ((await organizationalDomain(parsed.name)) === parsed.name) return parsed.name;
  return (await hosts).mx.length > 0 ? parsed.name : null;
}

async function findHosts({ parsed, limited, take, report }: PeerRun): Promise<PeerHosts> {
  const found = parsed.kind === 'ip' ? ipHosts(parsed.ip) : await limited((dns) => namedHosts(parsed.name, dns));
  const { kind, mx, addresses, dnssec, findings } = found;
  const provider = providerOf(mx.map(({ host }) => host));
  const lookups = { ...report().lookups, ...found.lookups };
  take('mx', { kind, mx, addresses, dnssec, provider, lookups }, findings);
  take('addresses', {});
  return found;
}

async function findHistory({ parsed, setup, take }: PeerRun, hosts: Promise<PeerHosts>): Promise<PastProbes> {
  const { addresses, kind } = await hosts;
  const names = parsed.kind === 'ip' ? [parsed.ip] : [parsed.name, ...(kind === 'host' ? addresses : [])];
  const past = await lookupHistory(names, setup.history, setup.clock.now());
  take('history', { history: past.section });
  return past;
}

async function reverse(
  { limited, take, report }: PeerRun,
  hosts: Promise<PeerHosts>,
  history: Promise<PastProbes>,
): Promise<void> {
  const { kind, addresses } = await hosts;
  const found = await limited((dns) => Promise.all(addresses.map((ip) => reverseDns(ip, dns))));
  const { banners } = await history;
  const ptr = found.map(({ entry }) => {
    const banner = banners.get(entry.ip);
    return { ...entry, bannerMatch: banner === undefined ? null : bannerMatches(banner, entry.names) };
  });
  const names = [...banners.values(), ...ptr.flatMap((entry) => entry.names)];
  const provider = report().provider ?? providerOf(names);
  const lookups = { ...report().lookups, ptr: ptrLookup(found) };
  take(
    'ptr',
    { ptr, provider, lookups },
    found.map((one) => ptrFinding(one, kind !== 'domain')),
  );
}

async function membership({ setup, take }: PeerRun, hosts: Promise<PeerHosts>): Promise<void> {
  const { addresses, mx } = await hosts;
  const ranges = await setup.ranges.load();
  const mxHosts = mx.map(({ host }) => host);
  const known = addresses.length > 0 || mxHosts.length > 0;
  take('exchangeOnline', known ? { exchangeOnline: exchangeMembership(addresses, mxHosts, ranges) } : {});
}

async function blocklists({ limited, setup, take }: PeerRun, hosts: Promise<PeerHosts>): Promise<void> {
  const { addresses } = await hosts;
  take('blocklists', { blocklists: await limited((dns) => lookupBlocklists(addresses, setup.blocklists, dns)) });
}

type Policy = 'spf' | 'dmarc' | 'dkim' | 'bimi' | 'mtaSts' | 'tlsRpt' | 'dane';

/** Asks for one policy and takes it in; `null` where there is nobody to ask. */
async function ask<K extends Policy>(
  run: PeerRun,
  section: K,
  work: ((resolver: DnsResolver, leftMs: number) => Promise<PeerReport[K]>) | null,
): Promise<void> {
  const blank = run.report()[section];
  const found =
    work === null ? { ...blank, ...notAsked('This is asked of a domain.') } : await evaluate(run, section, work);
  run.take(section, { [section]: found });
}

/** A record that a library chokes on must not cost the other parts. */
async function evaluate<K extends Policy>(
  { limited, report, setup, signal }: PeerRun,
  section: K,
  work: (resolver: DnsResolver, leftMs: number) => Promise<PeerReport[K]>,
): Promise<PeerReport[K]> {
  try {
    return await limited(work);
  } catch (error) {
    if (signal.aborted) throw error;
    setup.onFault?.(section, error);
    const words = 'The answer could not be evaluated: a fault of mailmedic, of which its log tells more.';
    return { ...report()[section], state: 'failed', words };
  }
}

/** What stands behind mail in the domain's name: the one that was asked about, else the target's own. */
async function sendingPolicies(run: PeerRun, hosts: Promise<PeerHosts>, own: Promise<string | null>): Promise<void> {
  const domain = run.domain ?? (await own);
  run.know({ domain });
  const { dkimSelectors } = run.setup;
  const ips = run.domain === undefined ? [] : (await hosts).addresses;
  await Promise.all([
    ask(run, 'spf', domain === null ? null : (dns) => lookupSpf(domain, ips, dns)),
    ask(run, 'dmarc', domain === null ? null : (dns) => lookupDmarc(domain, dns)),
    ask(run, 'dkim', domain === null ? null : (dns) => lookupDkim(domain, dkimSelectors, dns)),
    ask(run, 'bimi', domain === null ? null : (dns) => lookupBimi(domain, dns)),
  ]);
}

/** How mail to the target must be secured. */
async function receivingPolicies(run: PeerRun, hosts: Promise<PeerHosts>, own: Promise<string | null>): Promise<void> {
  const { parsed, setup, signal } = run;
  const { dial, ca, egress } = setup;
  const domain = await own;
  const options = { egress, signal, ...(dial === undefined ? {} : { dial }), ...(ca === undefined ? {} : { ca }) };
  const named = hosts.then(({ mx }) => mx.map(({ host }) => host).filter((host) => host !== '' && isIP(host) === 0));
  // Each asked for as soon as it can be: a dead MX look-up does not hold up what needs no hosts.
  await Promise.all([
    ask(run, 'tlsRpt', domain === null ? null : (dns) => lookupTlsReports(domain, dns)),
    ask(
      run,
      'mtaSts',
      domain === null
        ? null
        : (resolver, timeoutMs) => lookupMtaSts(domain, named, { ...options, resolver, timeoutMs }),
    ),
    named.then(async (mxHosts) => {
      const { mx, addresses } = await hosts;
      // A name without MX takes mail itself (RFC 5321 5.1), and its own TLSA records count (RFC 7672 2.2.2).
      const targets = parsed.kind === 'name' && mx.length === 0 && addresses.length > 0 ? [parsed.name] : mxHosts;
      await ask(run, 'dane', targets.length === 0 ? null : (dns) => lookupDane(targets, dns));
    }),
  ]);
}
