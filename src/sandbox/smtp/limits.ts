/** What one client may use up. The servers listen on loopback only, yet anything on the machine can reach them. */
export interface SmtpLimits {
  /** Octets of a command line; RFC 5321 section 4.5.3.1.4 asks for 512 and extensions lengthen MAIL and RCPT. */
  lineOctets: number;
  /** Octets of a message, advertised with SIZE. Larger ones are read to their end and refused (RFC 1870). */
  messageOctets: number;
  /** Octets of a message after which the connection is closed instead of reading on. */
  drainOctets: number;
  recipients: number;
  /** Refused commands before the connection is closed. */
  mistakes: number;
  connections: number;
  idleMs: number;
  sessionMs: number;
}

export const DEFAULT_LIMITS: SmtpLimits = {
  lineOctets: 2048,
  messageOctets: 1_048_576,
  drainOctets: 8_388_608,
  recipients: 100,
  mistakes: 20,
  connections: 100,
  idleMs: 120_000,
  sessionMs: 600_000,
};
