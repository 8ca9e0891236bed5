import type { MxAnswer, SoaAnswer, StringAnswer, TlsaAnswer, TxtAnswer } from 'dns-packet';
import type { CertificateKind } from './certificates/certificate-authority.ts';

/** The domain of the sandbox; `.test` can never be registered (RFC 6761 section 6.2). */
export const SANDBOX_DOMAIN = 'sandbox.test';

/** A DNS record; names are lower case without a trailing dot. */
export type ZoneRecord = StringAnswer | MxAnswer | TxtAnswer | SoaAnswer | TlsaAnswer;

/** Stages at which a script may answer in its own words. */
export type ScriptedStage = 'banner' | 'ehlo' | 'starttls' | 'mail' | 'rcpt' | 'data' | 'endOfData';

/** How one server behaves, as data. An empty script is a healthy Exchange server. */
export interface ServerScript {
  /** Nothing listens: connections are refused. */
  closed?: true;
  /** Accepts the connection and never says a word. */
  silent?: true;
  /** Resets the connection as soon as the client begins the TLS handshake. */
  resetsTls?: true;
  /** `none` does not offer STARTTLS; `tls1.0` speaks nothing newer. Default `modern`: TLS 1.2 and 1.3. */
  tls?: 'modern' | 'tls1.0' | 'none';
  /** Default `valid`. */
  certificate?: CertificateKind;
  /** Time before each reply in milliseconds. */
  delayMs?: number;
  /** Defers each new sender and recipient for so many seconds. */
  greylistS?: number;
  /** EHLO keywords instead of Exchange's. */
  capabilities?: string[];
  /**
   * Whole replies by stage. `{host}` is the server's name, `{client}` the client's address, `{to}` the recipient.
   * A 4xx or 5xx banner turns the client away.
   */
  replies?: Partial<Record<ScriptedStage, string>>;
}

/** One MX host with a server behind each of its addresses. */
export interface MxHost {
  /** Default 10, 20 … in the order of the list. */
  preference?: number;
  servers: ServerScript[];
  /** The MX names this label instead, which DNS gives as an alias of the host (RFC 5321 section 5.1 forbids it). */
  alias?: string;
  /** False leaves the addresses without reverse DNS. */
  reverse?: false;
}

/** A domain of the sandbox: `<name>.sandbox.test`. */
export interface Site {
  name: string;
  /** What it shows, in one line for help and completion. */
  what: string;
  /** Mailbox and options with which the trouble shows, where the bare domain is not enough. */
  shownBy?: { mailbox: string; options?: string };
  mx?: MxHost[];
  /** DNS records beside those made from `mx`. */
  records?: ZoneRecord[];
  /** The name server vouches for the domain with DNSSEC (the AD bit), as a validating resolver does. */
  signed?: true;
  /** The name server's behaviour instead of records. */
  dns?: 'nxdomain' | 'servfail' | 'silent';
}

/** A site with one MX host and one server behind it. */
export function oneServer(script: ServerScript): MxHost[] {
  return [{ servers: [script] }];
}
