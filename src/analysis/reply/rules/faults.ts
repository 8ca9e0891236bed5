import type { Cause, ErrorType, Owner } from '../../../vocabulary.ts';

interface Named {
  errorType: ErrorType;
  cause: Cause;
  owner: Owner;
}

/** The faults that many rows share. Owners follow DESIGN section 3: who must act, not whose server spoke. */
export const UNKNOWN_RECIPIENT = {
  errorType: 'RecipientRejected',
  cause: 'unknown',
  owner: 'sender',
} as const satisfies Named;
export const DISABLED_RECIPIENT = {
  errorType: 'RecipientRejected',
  cause: 'disabled',
  owner: 'recipient',
} as const satisfies Named;
export const RESTRICTED_RECIPIENT = {
  errorType: 'RecipientRejected',
  cause: 'restricted',
  owner: 'recipient',
} as const satisfies Named;
export const BAD_ADDRESS = {
  errorType: 'RecipientRejected',
  cause: 'bad-address',
  owner: 'sender',
} as const satisfies Named;
export const MISCONFIGURED_RECIPIENT = {
  errorType: 'RecipientRejected',
  cause: 'misconfigured',
  owner: 'recipient',
} as const satisfies Named;
export const NULL_MX = {
  errorType: 'RecipientRejected',
  cause: 'null-mx',
  owner: 'recipient',
} as const satisfies Named;
export const SENDER_INVALID = {
  errorType: 'SenderRejected',
  cause: 'invalid',
  owner: 'sender',
} as const satisfies Named;
export const SENDER_BLOCKED = {
  errorType: 'SenderRejected',
  cause: 'blocked',
  owner: 'sender',
} as const satisfies Named;
export const TENANT_BLOCKED = {
  errorType: 'SenderRejected',
  cause: 'tenant-blocked',
  owner: 'sender',
} as const satisfies Named;
export const REPUTATION = {
  errorType: 'ReputationBlock',
  cause: 'ip-reputation',
  owner: 'sender',
} as const satisfies Named;
export const LISTED_IP = { errorType: 'ReputationBlock', cause: 'listed-ip', owner: 'sender' } as const satisfies Named;
export const LOW_REPUTATION = {
  errorType: 'ReputationBlock',
  cause: 'low-reputation',
  owner: 'sender',
} as const satisfies Named;
export const SPF = { errorType: 'PolicyRejected', cause: 'spf', owner: 'sender' } as const satisfies Named;
export const DKIM = { errorType: 'PolicyRejected', cause: 'dkim', owner: 'sender' } as const satisfies Named;
export const DMARC = { errorType: 'PolicyRejected', cause: 'dmarc', owner: 'sender' } as const satisfies Named;
export const CONTENT = { errorType: 'PolicyRejected', cause: 'content', owner: 'sender' } as const satisfies Named;
export const PTR = { errorType: 'PolicyRejected', cause: 'ptr-missing', owner: 'sender' } as const satisfies Named;
export const RELAY = {
  errorType: 'PolicyRejected',
  cause: 'relay-denied',
  owner: 'recipient',
} as const satisfies Named;
export const POLICY = { errorType: 'PolicyRejected', cause: 'policy', owner: 'recipient' } as const satisfies Named;
export const MALFORMED = {
  errorType: 'PolicyRejected',
  cause: 'malformed-message',
  owner: 'sender',
} as const satisfies Named;
export const QUOTA = { errorType: 'MailboxFull', cause: 'quota', owner: 'recipient' } as const satisfies Named;
export const SIZE = { errorType: 'MessageTooLarge', cause: 'size-limit', owner: 'sender' } as const satisfies Named;
export const BUSY = { errorType: 'ServerBusy', cause: 'busy', owner: 'recipient' } as const satisfies Named;
export const THROTTLED = { errorType: 'ServerBusy', cause: 'throttled', owner: 'sender' } as const satisfies Named;
export const GREYLISTED = { errorType: 'ServerBusy', cause: 'greylisted', owner: 'none' } as const satisfies Named;
export const RESOURCES = {
  errorType: 'ServerBusy',
  cause: 'insufficient-resources',
  owner: 'recipient',
} as const satisfies Named;
export const CONNECTIONS = {
  errorType: 'ServerBusy',
  cause: 'too-many-connections',
  owner: 'sender',
} as const satisfies Named;
export const RECIPIENTS = {
  errorType: 'ServerBusy',
  cause: 'too-many-recipients',
  owner: 'sender',
} as const satisfies Named;
export const REFUSED = { errorType: 'UnableToConnect', cause: 'refused', owner: 'network' } as const satisfies Named;
export const TIMEOUT = { errorType: 'UnableToConnect', cause: 'timeout', owner: 'network' } as const satisfies Named;
export const UNREACHABLE = {
  errorType: 'UnableToConnect',
  cause: 'unreachable',
  owner: 'network',
} as const satisfies Named;
export const NOT_CONNECTED = {
  errorType: 'UnableToConnect',
  cause: 'not-connected',
  owner: 'network',
} as const satisfies Named;
export const EGRESS = {
  errorType: 'UnableToConnect',
  cause: 'blocked-egress',
  owner: 'sender',
} as const satisfies Named;
export const RESET = { errorType: 'ConnectionLost', cause: 'reset', owner: 'network' } as const satisfies Named;
export const CLOSED = {
  errorType: 'ConnectionLost',
  cause: 'closed-by-peer',
  owner: 'network',
} as const satisfies Named;
export const HANDSHAKE = {
  errorType: 'TlsHandshakeFailure',
  cause: 'handshake',
  owner: 'network',
} as const satisfies Named;
export const TLS_VERSION = {
  errorType: 'TlsHandshakeFailure',
  cause: 'protocol-version',
  owner: 'recipient',
} as const satisfies Named;
export const CIPHER = {
  errorType: 'TlsHandshakeFailure',
  cause: 'cipher',
  owner: 'recipient',
} as const satisfies Named;
export const STARTTLS_MISSING = {
  errorType: 'TlsNotOffered',
  cause: 'starttls-missing',
  owner: 'recipient',
} as const satisfies Named;
export const STARTTLS_NEEDED = {
  errorType: 'TlsNotOffered',
  cause: 'starttls-missing',
  owner: 'sender',
} as const satisfies Named;
export const STARTTLS_REFUSED = {
  errorType: 'TlsNotOffered',
  cause: 'starttls-refused',
  owner: 'recipient',
} as const satisfies Named;
export const CERTIFICATE = {
  errorType: 'CertificateFailure',
  cause: 'invalid',
  owner: 'recipient',
} as const satisfies Named;
export const UNTRUSTED = {
  errorType: 'CertificateFailure',
  cause: 'untrusted',
  owner: 'recipient',
} as const satisfies Named;
export const CERTIFICATE_EXPIRED = {
  errorType: 'CertificateFailure',
  cause: 'expired',
  owner: 'recipient',
} as const satisfies Named;
export const NAME_MISMATCH = {
  errorType: 'CertificateFailure',
  cause: 'name-mismatch',
  owner: 'recipient',
} as const satisfies Named;
export const INCOMPLETE_CHAIN = {
  errorType: 'CertificateFailure',
  cause: 'incomplete-chain',
  owner: 'recipient',
} as const satisfies Named;
export const AUTH_REQUIRED = { errorType: 'AuthFailure', cause: 'required', owner: 'sender' } as const satisfies Named;
export const AUTH_REJECTED = { errorType: 'AuthFailure', cause: 'rejected', owner: 'sender' } as const satisfies Named;
export const AUTH_DISABLED = { errorType: 'AuthFailure', cause: 'disabled', owner: 'sender' } as const satisfies Named;
export const NXDOMAIN = { errorType: 'DnsFailure', cause: 'nxdomain', owner: 'dns' } as const satisfies Named;
export const DNS_LOOKUP = { errorType: 'DnsFailure', cause: 'lookup-failed', owner: 'dns' } as const satisfies Named;
export const SERVFAIL = { errorType: 'DnsFailure', cause: 'servfail', owner: 'dns' } as const satisfies Named;
export const DNS_TIMEOUT = { errorType: 'DnsFailure', cause: 'timeout', owner: 'dns' } as const satisfies Named;
export const NO_ADDRESS = { errorType: 'DnsFailure', cause: 'no-address', owner: 'dns' } as const satisfies Named;
export const INVALID_MX = { errorType: 'DnsFailure', cause: 'invalid-mx', owner: 'dns' } as const satisfies Named;
export const LOOP = { errorType: 'RoutingFailure', cause: 'loop', owner: 'sender' } as const satisfies Named;
export const NO_ROUTE = { errorType: 'RoutingFailure', cause: 'no-route', owner: 'recipient' } as const satisfies Named;
export const MISROUTED = {
  errorType: 'RoutingFailure',
  cause: 'misconfigured',
  owner: 'recipient',
} as const satisfies Named;
export const PROTOCOL = { errorType: 'ProtocolError', cause: 'protocol', owner: 'sender' } as const satisfies Named;
export const EXPIRED = {
  errorType: 'MessageExpired',
  cause: 'queue-timeout',
  owner: 'recipient',
} as const satisfies Named;
export const REPLICATION = {
  errorType: 'ReplicationFailure',
  cause: 'shadow-copy',
  owner: 'service',
} as const satisfies Named;
export const PROXY = { errorType: 'ProxyDnsFailure', cause: 'proxy', owner: 'service' } as const satisfies Named;
export const ATTRIBUTION = {
  errorType: 'AttributionFailure',
  cause: 'attribution',
  owner: 'service',
} as const satisfies Named;
