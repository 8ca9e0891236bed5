import type { ErrorType } from '../../../vocabulary.ts';
import type { Article } from '../article.ts';
import { ATTRIBUTION_FAILURE } from './attribution-failure.ts';
import { AUTH_FAILURE } from './auth-failure.ts';
import { CERTIFICATE_FAILURE } from './certificate-failure.ts';
import { CONNECTION_LOST } from './connection-lost.ts';
import { DNS_FAILURE } from './dns-failure.ts';
import { MAILBOX_FULL } from './mailbox-full.ts';
import { MESSAGE_EXPIRED } from './message-expired.ts';
import { MESSAGE_TOO_LARGE } from './message-too-large.ts';
import { POLICY_REJECTED } from './policy-rejected.ts';
import { PROBE_TIMEOUT } from './probe-timeout.ts';
import { PROTOCOL_ERROR } from './protocol-error.ts';
import { PROXY_DNS_FAILURE } from './proxy-dns-failure.ts';
import { RECIPIENT_REJECTED } from './recipient-rejected.ts';
import { REPLICATION_FAILURE } from './replication-failure.ts';
import { REPUTATION_BLOCK } from './reputation-block.ts';
import { ROUTING_FAILURE } from './routing-failure.ts';
import { SENDER_REJECTED } from './sender-rejected.ts';
import { SERVER_BUSY } from './server-busy.ts';
import { TLS_HANDSHAKE_FAILURE } from './tls-handshake-failure.ts';
import { TLS_NOT_OFFERED } from './tls-not-offered.ts';
import { UNABLE_TO_CONNECT } from './unable-to-connect.ts';
import { UNKNOWN } from './unknown.ts';

/** The article of every error type; the compiler asks for one when an error type is added. */
export const ARTICLES: Readonly<Record<ErrorType, Article>> = {
  DnsFailure: DNS_FAILURE,
  UnableToConnect: UNABLE_TO_CONNECT,
  ConnectionLost: CONNECTION_LOST,
  ProtocolError: PROTOCOL_ERROR,
  TlsNotOffered: TLS_NOT_OFFERED,
  TlsHandshakeFailure: TLS_HANDSHAKE_FAILURE,
  CertificateFailure: CERTIFICATE_FAILURE,
  AuthFailure: AUTH_FAILURE,
  AttributionFailure: ATTRIBUTION_FAILURE,
  ProxyDnsFailure: PROXY_DNS_FAILURE,
  ServerBusy: SERVER_BUSY,
  ReplicationFailure: REPLICATION_FAILURE,
  RecipientRejected: RECIPIENT_REJECTED,
  SenderRejected: SENDER_REJECTED,
  ReputationBlock: REPUTATION_BLOCK,
  PolicyRejected: POLICY_REJECTED,
  MailboxFull: MAILBOX_FULL,
  MessageTooLarge: MESSAGE_TOO_LARGE,
  RoutingFailure: ROUTING_FAILURE,
  MessageExpired: MESSAGE_EXPIRED,
  ProbeTimeout: PROBE_TIMEOUT,
  Unknown: UNKNOWN,
};
