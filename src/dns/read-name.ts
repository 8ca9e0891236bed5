/** A name as the message spells it, and the offset behind it. */
export interface NameInMessage {
  /** Labels joined by dots; empty for the root. A dot or backslash inside a label is escaped, so it never passes for two. */
  name: string;
  end: number;
}

const MAX_NAME_BYTES = 255;
/** A pointer must lead backwards, so no chain is endless; but a long one costs time for each name that starts it. */
const MAX_POINTERS = 16;

/** Reads the name at `offset` (RFC 1035 3.1, compression 4.1.4); undefined when there is none. Costs at most 255 bytes' work. */
export function readName(message: Buffer, offset: number): NameInMessage | undefined {
  const labels: string[] = [];
  let at = offset;
  let end: number | undefined;
  let limit = offset;
  let bytes = 1;
  for (let pointers = 0; pointers <= MAX_POINTERS; ) {
    const length = message[at];
    if (length === undefined) return undefined;
    if (length === 0) return { name: labels.join('.'), end: end ?? at + 1 };
    if (length < 0x40) {
      const next = at + 1 + length;
      bytes += 1 + length;
      if (next > message.length || bytes > MAX_NAME_BYTES) return undefined;
      labels.push(message.toString('latin1', at + 1, next).replace(/[.\\]/g, '\\$&'));
      at = next;
      continue;
    }
    const low = message[at + 1];
    if (length < 0xc0 || low === undefined) return undefined;
    end ??= at + 2;
    at = (length & 0x3f) * 256 + low;
    if (at >= limit) return undefined;
    limit = at;
    pointers += 1;
  }
  return undefined;
}
