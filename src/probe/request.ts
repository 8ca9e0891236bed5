/** What to probe, already parsed: the words a person types are read by commands/target.ts. */
export type ProbeTarget =
  /** A mail domain: its MX hosts are tried. `mailbox` is set when the person gave an address. */
  | { kind: 'domain'; domain: string; mailbox?: string }
  /** One host by name, without MX. */
  | { kind: 'host'; host: string; port?: number }
  | { kind: 'ip'; ip: string; port?: number };

/** How far a probe goes; each includes the ones before it. */
export type ProbeDepth = 'connect' | 'tls' | 'rcpt' | 'submit';
/** What TLS is to this probe: a bonus, a must, not wanted, or there from the first byte. */
export type TlsMode = 'opportunistic' | 'require' | 'off' | 'implicit';

/** Ways to log in (RFC 4616, LOGIN, XOAUTH2). */
export type AuthMechanism = 'plain' | 'login' | 'xoauth2';

/** One probe as it was asked for. */
export interface ProbeRequest {
  /** The target as it was typed, for the answer. */
  text: string;
  target: ProbeTarget;
  depth: ProbeDepth;
  port?: number;
  tls: TlsMode;
  /** Dial this address instead of what DNS says; the name is still used for SNI and the certificate. */
  hostIp?: string;
  helo?: string;
  from?: string;
  to?: string;
  chunking: 'auto' | 'bdat' | 'data';
  /** Send MAIL and RCPT together when the server offers PIPELINING (RFC 2920); `off` never does. */
  pipelining: 'auto' | 'off';
  /** Log in before the mail transaction, with the secrets of the environment. */
  auth?: AuthMechanism;
  /** Also ask which TLS versions the peer takes. */
  tlsScan: boolean;
  /** Try every address even when the first works. */
  all: boolean;
  /** Deadline of the whole probe in seconds. */
  timeoutS?: number;
}
