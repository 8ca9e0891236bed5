/** The one vocabulary of probe, diagnosis, trace and alert: what can break, why, whose it is and where. */

/** The steps of one SMTP delivery, in the order in which a probe takes them. */
export const STAGES = [
  'dns',
  'connect',
  'banner',
  'ehlo',
  'starttls',
  'tls',
  'certificate',
  'auth',
  'mail',
  'rcpt',
  'data',
  'bdat',
  'end-of-data',
  'quit',
] as const;
export type Stage = (typeof STAGES)[number];

/** Every error type with the causes it can have. Adding an error type starts with a row here. */
export const CAUSES = {
  DnsFailure: ['nxdomain', 'servfail', 'timeout', 'no-address', 'null-mx', 'invalid-mx', 'dnssec', 'lookup-failed'],
  UnableToConnect: ['refused', 'timeout', 'unreachable', 'blocked-egress', 'not-connected'],
  ConnectionLost: ['reset', 'closed-by-peer'],
  ProtocolError: [
    'malformed-reply',
    'reply-too-long',
    'banner-mangled',
    'capability-masked',
    'starttls-injection',
    'protocol',
  ],
  TlsNotOffered: ['starttls-missing', 'starttls-refused'],
  TlsHandshakeFailure: ['protocol-version', 'cipher', 'reset', 'timeout', 'handshake'],
  CertificateFailure: [
    'expired',
    'not-yet-valid',
    'name-mismatch',
    'self-signed',
    'untrusted',
    'incomplete-chain',
    'weak-key',
    'dane-mismatch',
    'mta-sts-mismatch',
    'invalid',
  ],
  AuthFailure: ['required', 'rejected', 'disabled'],
  AttributionFailure: ['attribution', 'connector-mismatch'],
  ProxyDnsFailure: ['proxy'],
  ServerBusy: [
    'busy',
    'throttled',
    'greylisted',
    'insufficient-resources',
    'too-many-connections',
    'too-many-recipients',
  ],
  ReplicationFailure: ['shadow-copy'],
  RecipientRejected: ['unknown', 'disabled', 'restricted', 'not-in-tenant', 'bad-address', 'null-mx', 'misconfigured'],
  SenderRejected: ['blocked', 'invalid', 'tenant-blocked'],
  ReputationBlock: ['ip-reputation', 'listed-ip', 'banned-ip', 'low-reputation'],
  PolicyRejected: [
    'spf',
    'dkim',
    'dmarc',
    'content',
    'ptr-missing',
    'relay-denied',
    'policy',
    'forwarding-blocked',
    'malformed-message',
    'ipv6-policy',
    'outdated-server',
  ],
  MailboxFull: ['quota'],
  MessageTooLarge: ['size-limit'],
  RoutingFailure: ['loop', 'no-route', 'misconfigured'],
  MessageExpired: ['queue-timeout'],
  /** The stage it hung in. */
  ProbeTimeout: STAGES,
  Unknown: ['permanent', 'transient', 'remote-error', 'unknown-reason'],
} as const satisfies Record<string, readonly string[]>;

/** What broke. */
export type ErrorType = keyof typeof CAUSES;

/** Why it broke; the causes of one error type, or of all of them. */
export type Cause<E extends ErrorType = ErrorType> = (typeof CAUSES)[E][number];

/** All error types, in the order of the table. */
export const ERROR_TYPES = Object.keys(CAUSES) as ErrorType[];

/** Who must act: `recipient` is their server or admin, `service` is Microsoft's side (EOP, EXO). */
export const OWNERS = ['sender', 'recipient', 'network', 'dns', 'service', 'none', 'unknown'] as const;
export type Owner = (typeof OWNERS)[number];

/** The verdict of a probe: `degraded` means that mail still flows. */
export const VERDICTS = ['ok', 'degraded', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** An error type with one of its own causes and the owner who must act. */
export interface Fault {
  errorType: ErrorType;
  cause: Cause;
  owner: Owner;
}

/** True when `cause` is one of the causes that `errorType` can have. */
export function isCauseOf(errorType: ErrorType, cause: string): cause is Cause {
  return (CAUSES[errorType] as readonly string[]).includes(cause);
}
