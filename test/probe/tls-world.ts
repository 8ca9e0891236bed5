import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsaRecord } from '../../src/dns/resolver.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import type { ProbeReport } from '../../src/probe/report.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';
import { type DnsZone, startDnsZone } from '../dns/dns-zone.ts';
import type { Identity } from '../support/certificates.ts';
import { type MailServerOptions, mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';

export const DOMAIN = 'contoso.example';
export const HOST = 'mx1.contoso.example';

/** What the policy host of the domain does. */
export interface PolicyHost {
  identity: Identity;
  /** The policy file, lines joined; undefined: it takes the request and never answers. */
  text: string | undefined;
  status?: number;
}

export interface WorldOptions extends MailServerOptions {
  /** TLSA records of the mail host at its port. */
  tlsa?: TlsaRecord[];
  /** Entries over the usual ones. */
  zone?: DnsZone;
  /** Answers carry AD; on by default. */
  secure?: boolean;
  /** The domain publishes MTA-STS. */
  policy?: PolicyHost;
  ca?: string[];
}

/** One mail domain with real DNS, a real mail server and, where it has a policy, a real web server. */
export async function startTlsWorld(options: WorldOptions) {
  const { secure = true, policy } = options;
  const mail = await startScriptedServer(mailServer(options));
  const web = policy === undefined ? undefined : await startPolicyHost(policy);
  const zone: DnsZone = {
    [DOMAIN]: { mx: [[10, HOST]], secure },
    [HOST]: { a: ['127.0.0.1'], secure },
    ...(options.tlsa === undefined ? {} : { [`_${mail.port}._tcp.${HOST}`]: { tlsa: options.tlsa, secure } }),
    ...(web === undefined
      ? {}
      : {
          [`_mta-sts.${DOMAIN}`]: { txt: ['v=STSv1; id=20261120;'] },
          [`mta-sts.${DOMAIN}`]: { a: ['127.0.0.1'] },
        }),
    ...options.zone,
  };
  const dns = await startDnsZone(zone);
  const prober = testProber({
    resolver: createResolver({ server: dns.address, timeoutMs: 300, tries: 1 }),
    config: testConfig({ stageTimeoutS: 5 }),
    ca: options.ca ?? [],
    dial: (host, port) => ({ host, port: port === 443 ? (web?.port ?? 9) : port }),
  });
  return {
    mail,
    dns,
    probe(overrides: Partial<ProbeRequest> = {}): Promise<ProbeReport> {
      const target = { kind: 'domain', domain: DOMAIN } as const;
      return probe(
        prober,
        requestFor(mail.port, { text: DOMAIN, target, port: mail.port, depth: 'tls', ...overrides }),
      );
    },
    async close(): Promise<void> {
      await Promise.all([mail.close(), dns.close(), web?.close()]);
    },
  };
}

async function startPolicyHost({ identity, text, status = 200 }: PolicyHost) {
  const sockets = new Set<Duplex>();
  const server = createServer(identity, (_, response) => {
    if (text === undefined) return;
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(text);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The policy file of the domain. */
export function policyText(mode: string, mx: readonly string[]): string {
  return ['version: STSv1', `mode: ${mode}`, ...mx.map((host) => `mx: ${host}`), 'max_age: 604800', ''].join('\r\n');
}

/** The TLSA record `usage 1 1` of a certificate: SHA-256 of its public key. */
export function tlsaOf({ cert }: { cert: string }, usage: number): TlsaRecord {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return { usage, selector: 1, matchingType: 1, data: createHash('sha256').update(key).digest('hex') };
}

/** An identity that sends these certificates after its own. */
export function withChain(identity: Identity, ...above: { cert: string }[]): Identity {
  return { key: identity.key, cert: [identity.cert, ...above.map(({ cert }) => cert)].join('\n') };
}
