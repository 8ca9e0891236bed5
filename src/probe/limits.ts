/**
 * Bounds on what one peer may send. RFC 5321 4.5.3.1 allows reply lines of 512 bytes; real servers exceed that a little,
 * hostile ones without end.
 */
export const LIMITS = {
  /** Bytes of one line without its line end. */
  lineBytes: 4096,
  replyLines: 128,
  replyBytes: 64 * 1024,
  /** Everything that one connection may send, inside and outside TLS. */
  sessionBytes: 256 * 1024,
  /** Lines kept of one transcript; what follows is counted only. */
  transcriptLines: 1000,
  /** Characters of them: forty addresses in twenty rounds must not fill the memory. */
  transcriptChars: 64 * 1024,
  /** Replies whose timing is kept. */
  replies: 100,
  /** Challenges of one log-in that are answered (RFC 4954 4). */
  challenges: 3,
  /** Certificates read of one chain. */
  chain: 10,
  /** Alternative names of a certificate that are shown. */
  altNames: 100,
  /** Capabilities kept of one EHLO answer: all of it, lest STARTTLS in the last line goes unseen. */
  capabilities: 128,
  /** Addresses tried by one probe. */
  addresses: 40,
} as const;
