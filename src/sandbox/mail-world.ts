import { createSecureContext, type SecureContext } from 'node:tls';
import { type Clock, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import { type CertificateAuthority, createCertificateAuthority } from './certificates/certificate-authority.ts';
import { type ClosedPort, holdClosedPort } from './closed-port.ts';
import { type DnsServer, startDnsServer } from './dns/dns-server.ts';
import { buildZone, domainOf, type PlacedServer, placeServers } from './dns/zone.ts';
import { type SandboxName, sandboxNames } from './names.ts';
import type { ServerScript } from './site.ts';
import { SITES } from './sites.ts';
import { createGreylist } from './smtp/greylist.ts';
import { DEFAULT_LIMITS, type SmtpLimits } from './smtp/limits.ts';
import type { ReceivedMessage } from './smtp/received-message.ts';
import { type SmtpServer, startSmtpServer } from './smtp/smtp-server.ts';

export type { SandboxName } from './names.ts';
export type { ReceivedMessage } from './smtp/received-message.ts';

/** A small internet of mail servers inside this process: DNS, certificates and SMTP servers, healthy and broken ones. */
export interface MailWorld {
  /** The name server as `127.0.0.1:port`, UDP and TCP. */
  dnsServer: string;
  /** Where the server behind an address of the sandbox listens. Any other address leads to a port that refuses. */
  dial(ip: string, port: number): { host: string; port: number };
  /** The mailbox that a healthy server accepts mail for. */
  mailbox: string;
  /** The monitoring mailbox of every site: what `--depth submit` may deliver to here. */
  mailboxes: string[];
  /** What can be probed, for completion and help. */
  names: SandboxName[];
  /** PEM of the root certificate; to be trusted for probes of the sandbox only. */
  ca: string;
  /** The newest accepted messages, oldest first, at most 100. */
  received(): ReceivedMessage[];
  /** Closes every socket; resolves when all are closed. Calling it again does nothing. */
  stop(): Promise<void>;
}

export interface MailWorldOptions {
  logger?: Logger;
  clock?: Clock;
  limits?: Partial<SmtpLimits>;
}

const MAX_RECEIVED = 100;
const IMPLICIT_TLS_PORT = 465;
const LOOPBACK = '127.0.0.1';

/** Starts the world on ephemeral ports of 127.0.0.1. Import this module lazily: it brings the certificate library. */
export async function startMailWorld(options: MailWorldOptions = {}): Promise<MailWorld> {
  const logger = options.logger ?? silentLogger();
  const clock = options.clock ?? systemClock;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const authority = await createCertificateAuthority(clock.now());
  const placed = placeServers(SITES);
  const received: ReceivedMessage[] = [];
  const accept = (message: ReceivedMessage) => {
    received.push(message);
    if (received.length > MAX_RECEIVED) received.shift();
  };

  const cleanups: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
  }

  const listening = new Map<string, SmtpServer>();
  async function open({ site, host, exchange, ip, script }: PlacedServer): Promise<void> {
    const greylist = createGreylist(script.greylistS ?? 0, clock);
    const role = { host, domain: domainOf(site), script, limits, clock, greylist, accept };
    const server = await startSmtpServer(role, await secureContextOf(script, exchange, authority), logger);
    cleanups.push(server.stop);
    listening.set(ip, server);
  }

  async function openAll(): Promise<{ dns: DnsServer; closed: ClosedPort }> {
    const dns = await startDnsServer(buildZone(SITES, placed), logger);
    cleanups.push(dns.stop);
    const closed = await holdClosedPort();
    cleanups.push(closed.release);
    for (const place of placed) if (place.script.closed === undefined) await open(place);
    return { dns, closed };
  }

  const { dns, closed } = await openAll().catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  return {
    dnsServer: `${LOOPBACK}:${dns.port}`,
    dial(ip, port) {
      const server = listening.get(ip);
      if (server === undefined) return { host: LOOPBACK, port: closed.port };
      return { host: LOOPBACK, port: port === IMPLICIT_TLS_PORT ? server.implicitTlsPort : server.port };
    },
    mailbox: 'monitor@healthy.sandbox.test',
    mailboxes: SITES.filter((site) => site.mx !== undefined).map((site) => `monitor@${domainOf(site)}`),
    names: sandboxNames(SITES),
    ca: authority.ca,
    received: () => [...received],
    stop,
  };
}

async function secureContextOf(
  script: ServerScript,
  host: string,
  authority: CertificateAuthority,
): Promise<SecureContext | undefined> {
  if (script.tls === 'none') return undefined;
  const identity = await authority.issue(script.certificate ?? 'valid', host);
  // OpenSSL 3 forbids TLS 1.0 at its default security level: SSL_CTX_set_security_level(3), level 1.
  if (script.tls !== 'tls1.0') return createSecureContext({ ...identity, minVersion: 'TLSv1.2' });
  return createSecureContext({ ...identity, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
}
