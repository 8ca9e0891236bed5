const END = Buffer.from('\r\n.\r\n', 'latin1');

/** Finds the end of message text after DATA, chunk by chunk. */
export interface EndOfDataScanner {
  /** How many octets of the chunk belong to the message and its end, and whether the end was among them. */
  scan(chunk: Buffer): { octets: number; ended: boolean };
}

/**
 * Only CR LF dot CR LF ends a message (RFC 5321 section 4.1.1.4): taking a bare LF for a line end is what lets SMTP
 * smuggling in. The CR LF of the DATA line counts as the first one, so an empty message is a single dot.
 */
export function createEndOfDataScanner(): EndOfDataScanner {
  let matched = 2;
  return {
    scan(chunk) {
      for (let index = 0; index < chunk.length; index += 1) {
        const octet = chunk[index];
        if (octet === END[matched]) matched += 1;
        else matched = octet === END[0] ? 1 : 0;
        if (matched === END.length) return { octets: index + 1, ended: true };
      }
      return { octets: chunk.length, ended: false };
    },
  };
}
