import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { createPeerLookup, type PeerLookupRequest } from '../../src/peer/lookup-peer.ts';
import type { PeerLookupOptions } from '../../src/peer/peer-setup.ts';
import { type PeerReport, peerReportSchema } from '../../src/peer/report.ts';
import { type DnsZone, startDnsZone, type ZoneEntry } from '../dns/dns-zone.ts';
import { createAuthority } from '../support/certificates.ts';

export const LIST = 'bl.example';
export const SELECTORS = ['selector1', 'google', 's1'];

/** A public key as a DKIM record holds it. */
export function dkimRecord(bits = 2048, more = ''): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return `v=DKIM1; k=rsa; ${more}p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}

/** A made-up key is dear: one serves every test that only needs a sound one. */
export const DKIM = dkimRecord();

/** A domain that does everything right, with an address that everybody likes. */
export function healthyZone(): DnsZone {
  return {
    'contoso.example': {
      mx: [[10, 'mx1.contoso.example']],
      txt: ['v=spf1 ip4:192.0.2.0/24 -all', 'other=1'],
      secure: true,
    },
    'mx1.contoso.example': { a: ['192.0.2.10'], secure: true },
    '192.0.2.10': { ptr: ['mx1.contoso.example'] },
    '_dmarc.contoso.example': { txt: ['v=DMARC1; p=reject; rua=mailto:dmarc@contoso.example'] },
    'selector1._domainkey.contoso.example': { txt: [DKIM] },
    '_mta-sts.contoso.example': { txt: ['v=STSv1; id=20261120'] },
    'mta-sts.contoso.example': { a: ['192.0.2.80'] },
    '_smtp._tls.contoso.example': { txt: ['v=TLSRPTv1; rua=mailto:tls@contoso.example'] },
    '_25._tcp.mx1.contoso.example': {
      tlsa: [{ usage: 3, selector: 1, matchingType: 1, data: 'ab'.repeat(32) }],
      secure: true,
    },
    'default._bimi.contoso.example': { txt: ['v=BIMI1; l=https://contoso.example/logo.svg; a='] },
    [`2.0.0.127.${LIST}`]: { a: ['127.0.0.2'] },
  };
}

/** The zone with other entries over it; undefined takes a name away. */
export function changed(entries: Record<string, ZoneEntry | undefined>): DnsZone {
  const all = Object.entries({ ...healthyZone(), ...entries });
  return Object.fromEntries(all.flatMap(([name, entry]) => (entry === undefined ? [] : [[name, entry]])));
}

/** A web server for `mta-sts.contoso.example`, whose policy each test may choose by its own instance. */
export async function startPolicyServer(policy = policyOf('mx1.contoso.example')) {
  const root = await createAuthority('Peer test root');
  const identity = await root.issue({ names: ['mta-sts.contoso.example'] });
  const server = createServer(identity, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' });
    response.end(policy);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    dial: () => ({ host: '127.0.0.1', port }),
    ca: [root.cert],
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function policyOf(mx: string, mode = 'enforce'): string {
  return `version: STSv1\r\nmode: ${mode}\r\nmx: ${mx}\r\nmax_age: 604800\r\n`;
}

/** Looks up over a real name server with this zone, and holds the report to its contract. */
export async function lookupIn(
  zone: DnsZone,
  target: string,
  options: Partial<PeerLookupOptions> & Partial<PeerLookupRequest> & { silenceMs?: number } = {},
): Promise<PeerReport> {
  const dns = await startDnsZone(zone);
  const { signal = new AbortController().signal, domain, onProgress, silenceMs = 300, ...rest } = options;
  try {
    const lookup = createPeerLookup({
      resolver: createResolver({ server: dns.address, timeoutMs: silenceMs, tries: 1 }),
      egress: { allow: ['192.0.2.0/24'], ports: [] },
      // Nobody is there: a documentation address must not be waited for.
      dial: () => ({ host: '127.0.0.1', port: 1 }),
      blocklists: [LIST],
      dkimSelectors: SELECTORS,
      ...rest,
    });
    const request = {
      signal,
      ...(domain === undefined ? {} : { domain }),
      ...(onProgress === undefined ? {} : { onProgress }),
    };
    return peerReportSchema.parse(await lookup(target, request));
  } finally {
    await dns.close();
  }
}
