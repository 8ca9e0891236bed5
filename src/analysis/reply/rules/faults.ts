import type { Cause, ErrorType, Owner } from '../../../vocabulary.ts';

/** What a rule says is wrong; the owner is who must act (DESIGN section 3), not whose server spoke. */
export interface NamedFault<E extends ErrorType = ErrorType> {
  errorType: E;
  cause: Cause<E>;
  owner: Owner;
}

/** Checks that the cause is one that the error type can have. */
function fault<E extends ErrorType>(errorType: E, cause: Cause<E>, owner: Owner): NamedFault<E> {
  return { errorType, cause, owner };
}

/** RecipientRejected, unknown: the sender acts. */
export const UNKNOWN_RECIPIENT = fault('RecipientRejected', 'unknown', 'sender');

/** RecipientRejected, disabled: the recipient acts. */
export const DISABLED_RECIPIENT = fault('RecipientRejected', 'disabled', 'recipient');

/** RecipientRejected, restricted: the recipient acts. */
export const RESTRICTED_RECIPIENT = fault('RecipientRejected', 'restricted', 'recipient');

/** RecipientRejected, bad-address: the sender acts. */
export const BAD_ADDRESS = fault('RecipientRejected', 'bad-address', 'sender');

/** RecipientRejected, misconfigured: the recipient acts. */
export const MISCONFIGURED_RECIPIENT = fault('RecipientRejected', 'misconfigured', 'recipient');

/** RecipientRejected, null-mx: the recipient acts. */
export const NULL_MX = fault('RecipientRejected', 'null-mx', 'recipient');

/** SenderRejected, invalid: the sender acts. */
export const SENDER_INVALID = fault('SenderRejected', 'invalid', 'sender');

/** SenderRejected, blocked: the sender acts. */
export const SENDER_BLOCKED = fault('SenderRejected', 'blocked', 'sender');

/** SenderRejected, tenant-blocked: the sender acts. */
export const TENANT_BLOCKED = fault('SenderRejected', 'tenant-blocked', 'sender');

/** ReputationBlock, ip-reputation: the sender acts. */
export const REPUTATION = fault('ReputationBlock', 'ip-reputation', 'sender');

/** ReputationBlock, listed-ip: the sender acts. */
export const LISTED_IP = fault('ReputationBlock', 'listed-ip', 'sender');

/** ReputationBlock, low-reputation: the sender acts. */
export const LOW_REPUTATION = fault('ReputationBlock', 'low-reputation', 'sender');

/** PolicyRejected, spf: the sender acts. */
export const SPF = fault('PolicyRejected', 'spf', 'sender');

/** PolicyRejected, dkim: the sender acts. */
export const DKIM = fault('PolicyRejected', 'dkim', 'sender');

/** PolicyRejected, dmarc: the sender acts. */
export const DMARC = fault('PolicyRejected', 'dmarc', 'sender');

/** PolicyRejected, content: the sender acts. */
export const CONTENT = fault('PolicyRejected', 'content', 'sender');

/** PolicyRejected, ptr-missing: the sender acts. */
export const PTR = fault('PolicyRejected', 'ptr-missing', 'sender');

/** PolicyRejected, relay-denied: the recipient acts. */
export const RELAY = fault('PolicyRejected', 'relay-denied', 'recipient');

/** PolicyRejected, policy: the recipient acts. */
export const POLICY = fault('PolicyRejected', 'policy', 'recipient');

/** PolicyRejected, malformed-message: the sender acts. */
export const MALFORMED = fault('PolicyRejected', 'malformed-message', 'sender');

/** MailboxFull, quota: the recipient acts. */
export const QUOTA = fault('MailboxFull', 'quota', 'recipient');

/** MessageTooLarge, size-limit: the sender acts. */
export const SIZE = fault('MessageTooLarge', 'size-limit', 'sender');

/** ServerBusy, busy: the recipient acts. */
export const BUSY = fault('ServerBusy', 'busy', 'recipient');

/** ServerBusy, throttled: the sender acts. */
export const THROTTLED = fault('ServerBusy', 'throttled', 'sender');

/** ServerBusy, greylisted: nobody has to act. */
export const GREYLISTED = fault('ServerBusy', 'greylisted', 'none');

/** ServerBusy, insufficient-resources: the recipient acts. */
export const RESOURCES = fault('ServerBusy', 'insufficient-resources', 'recipient');

/** ServerBusy, too-many-connections: the sender acts. */
export const CONNECTIONS = fault('ServerBusy', 'too-many-connections', 'sender');

/** ServerBusy, too-many-recipients: the sender acts. */
export const RECIPIENTS = fault('ServerBusy', 'too-many-recipients', 'sender');

/** UnableToConnect, refused: the network acts. */
export const REFUSED = fault('UnableToConnect', 'refused', 'network');

/** UnableToConnect, timeout: the network acts. */
export const TIMEOUT = fault('UnableToConnect', 'timeout', 'network');

/** UnableToConnect, unreachable: the network acts. */
export const UNREACHABLE = fault('UnableToConnect', 'unreachable', 'network');

/** UnableToConnect, not-connected: the network acts. */
export const NOT_CONNECTED = fault('UnableToConnect', 'not-connected', 'network');

/** UnableToConnect, blocked-egress: the sender acts. */
export const EGRESS = fault('UnableToConnect', 'blocked-egress', 'sender');

/** ConnectionLost, reset: the network acts. */
export const RESET = fault('ConnectionLost', 'reset', 'network');

/** ConnectionLost, closed-by-peer: the network acts. */
export const CLOSED = fault('ConnectionLost', 'closed-by-peer', 'network');

/** TlsHandshakeFailure, handshake: the network acts. */
export const HANDSHAKE = fault('TlsHandshakeFailure', 'handshake', 'network');

/** TlsHandshakeFailure, protocol-version: the recipient acts. */
export const TLS_VERSION = fault('TlsHandshakeFailure', 'protocol-version', 'recipient');

/** TlsHandshakeFailure, cipher: the recipient acts. */
export const CIPHER = fault('TlsHandshakeFailure', 'cipher', 'recipient');

/** TlsNotOffered, starttls-missing: the recipient acts. */
export const STARTTLS_MISSING = fault('TlsNotOffered', 'starttls-missing', 'recipient');

/** TlsNotOffered, starttls-missing: the sender acts. */
export const STARTTLS_NEEDED = fault('TlsNotOffered', 'starttls-missing', 'sender');

/** TlsNotOffered, starttls-refused: the recipient acts. */
export const STARTTLS_REFUSED = fault('TlsNotOffered', 'starttls-refused', 'recipient');

/** CertificateFailure, invalid: the recipient acts. */
export const CERTIFICATE = fault('CertificateFailure', 'invalid', 'recipient');

/** CertificateFailure, untrusted: the recipient acts. */
export const UNTRUSTED = fault('CertificateFailure', 'untrusted', 'recipient');

/** CertificateFailure, expired: the recipient acts. */
export const CERTIFICATE_EXPIRED = fault('CertificateFailure', 'expired', 'recipient');

/** CertificateFailure, name-mismatch: the recipient acts. */
export const NAME_MISMATCH = fault('CertificateFailure', 'name-mismatch', 'recipient');

/** CertificateFailure, incomplete-chain: the recipient acts. */
export const INCOMPLETE_CHAIN = fault('CertificateFailure', 'incomplete-chain', 'recipient');

/** AuthFailure, required: the sender acts. */
export const AUTH_REQUIRED = fault('AuthFailure', 'required', 'sender');

/** AuthFailure, rejected: the sender acts. */
export const AUTH_REJECTED = fault('AuthFailure', 'rejected', 'sender');

/** AuthFailure, disabled: the sender acts. */
export const AUTH_DISABLED = fault('AuthFailure', 'disabled', 'sender');

/** DnsFailure, nxdomain: whoever runs the DNS zone acts. */
export const NXDOMAIN = fault('DnsFailure', 'nxdomain', 'dns');

/** DnsFailure, lookup-failed: whoever runs the DNS zone acts. */
export const DNS_LOOKUP = fault('DnsFailure', 'lookup-failed', 'dns');

/** DnsFailure, servfail: whoever runs the DNS zone acts. */
export const SERVFAIL = fault('DnsFailure', 'servfail', 'dns');

/** DnsFailure, timeout: whoever runs the DNS zone acts. */
export const DNS_TIMEOUT = fault('DnsFailure', 'timeout', 'dns');

/** DnsFailure, no-address: whoever runs the DNS zone acts. */
export const NO_ADDRESS = fault('DnsFailure', 'no-address', 'dns');

/** DnsFailure, invalid-mx: whoever runs the DNS zone acts. */
export const INVALID_MX = fault('DnsFailure', 'invalid-mx', 'dns');

/** RoutingFailure, loop: the sender acts. */
export const LOOP = fault('RoutingFailure', 'loop', 'sender');

/** RoutingFailure, no-route: the recipient acts. */
export const NO_ROUTE = fault('RoutingFailure', 'no-route', 'recipient');

/** RoutingFailure, misconfigured: the recipient acts. */
export const MISROUTED = fault('RoutingFailure', 'misconfigured', 'recipient');

/** ProtocolError, protocol: the sender acts. */
export const PROTOCOL = fault('ProtocolError', 'protocol', 'sender');

/** MessageExpired, queue-timeout: the recipient acts. */
export const EXPIRED = fault('MessageExpired', 'queue-timeout', 'recipient');

/** ReplicationFailure, shadow-copy: the service acts. */
export const REPLICATION = fault('ReplicationFailure', 'shadow-copy', 'service');

/** ProxyDnsFailure, proxy: the service acts. */
export const PROXY = fault('ProxyDnsFailure', 'proxy', 'service');

/** AttributionFailure, attribution: the service acts. */
export const ATTRIBUTION = fault('AttributionFailure', 'attribution', 'service');
