/** Kinds of senders, by how they judge the peer's certificate. */
export const TRUST_MODELS = [
  /** Encrypts when it can and checks nothing (RFC 7435), as most senders do. */
  'opportunistic',
  /** Wants a chain to a trusted root and the right name: connectors that require TLS. */
  'pkix',
  /** TLSA records under DNSSEC (RFC 7672). */
  'dane',
  /** The policy that the domain publishes (RFC 8461). */
  'mta-sts',
] as const;
/** One of {@link TRUST_MODELS}. */
export type TrustModel = (typeof TRUST_MODELS)[number];

/** TLS versions that a scan offers, oldest first, as Node names them. */
export const SCANNED_PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
/** One of {@link SCANNED_PROTOCOLS}. */
export type ScannedProtocol = (typeof SCANNED_PROTOCOLS)[number];
