import type { DnsResolver, TlsaRecord } from '../dns/resolver.ts';
import { lookupTlsa } from '../transport-policy/dane.ts';
import { clip } from './clip.ts';
import { worstState } from './lookup-state.ts';
import { remember } from './remember.ts';
import type { DaneSection, LookupState } from './section-schemas.ts';

/** MX hosts that are asked about, and records kept of each. */
const MAX_HOSTS = 5;
const MAX_RECORDS = 10;

const SMTP_PORT = 25;

type Host = DaneSection['hosts'][number];

/** The TLSA records of the MX hosts. A look-up does not connect, so they are not held against a certificate: a probe does. */
export async function lookupDane(mxHosts: readonly string[], dns: DnsResolver): Promise<DaneSection> {
  const resolver = remember(dns);
  const hosts = await Promise.all(mxHosts.slice(0, MAX_HOSTS).map((host) => lookupHost(host, resolver)));
  const published = hosts.filter(({ state }) => state === 'ok');
  if (published.length > 0) {
    const words = `DANE: TLSA records for ${published.length} of ${hosts.length} MX hosts.`;
    const broken = hosts.find(({ state }) => state === 'wrong');
    return broken === undefined ? { state: 'ok', words, hosts } : { state: 'wrong', words: broken.words, hosts };
  }
  if (hosts.every(({ state }) => state === 'absent')) return { state: 'absent', words: 'No MX host uses DANE.', hosts };
  const state = worstState(hosts.map((host) => host.state));
  return { state, words: hosts.find((host) => host.state === state)?.words ?? '', hosts };
}

async function lookupHost(host: string, resolver: DnsResolver): Promise<Host> {
  const found = await lookupTlsa(host, SMTP_PORT, resolver);
  switch (found.state) {
    case 'none':
      return { host, state: 'absent', words: `${host} has no TLSA record.`, records: [] };
    case 'insecure':
      return {
        host,
        state: 'absent',
        words: `${host} is not signed with DNSSEC: senders do not ask for TLSA.`,
        records: [],
      };
    case 'unknown': {
      // RFC 7672 2.2: a sender that cannot learn whether there are records must not deliver.
      const words = `TLSA of ${host} is not known: ${clip(found.words, 300)}. Senders that use DANE put mail off.`;
      return { host, state: await unknownState(host, resolver), words, records: [] };
    }
    case 'records': {
      const records = found.records.slice(0, MAX_RECORDS).map(sayRecord);
      if (found.usable.length > 0) {
        return { host, state: 'ok', words: `${host} has ${found.usable.length} usable TLSA records.`, records };
      }
      const words = `No TLSA record of ${host} can be used for mail: usage 2 or 3 must stand there (RFC 7672 3.1.3).`;
      return { host, state: 'wrong', words, records };
    }
  }
}

/** The answers are remembered: asked again only to tell silence from failure. */
async function unknownState(host: string, resolver: DnsResolver): Promise<LookupState> {
  const answers = await Promise.all([
    resolver.a(host),
    resolver.aaaa(host),
    resolver.tlsa(`_${SMTP_PORT}._tcp.${host}`),
  ]);
  return answers.some(({ status }) => status === 'timeout') ? 'timeout' : 'failed';
}

function sayRecord({ usage, selector, matchingType, data }: TlsaRecord): string {
  return `${usage} ${selector} ${matchingType} ${clip(data, 128)}`;
}
