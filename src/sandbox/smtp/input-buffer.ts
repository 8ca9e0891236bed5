const LF = 0x0a;
const CR = 0x0d;

/** A command line without its line end, or the news that a line was longer than allowed (it is swallowed whole). */
export type LineInput = { line: string } | { tooLong: true };

/**
 * Bytes that came in and were not used yet. The reader says what comes next, a line or so many octets, because only it
 * knows: after DATA and BDAT the same chunk goes on as message text (RFC 2920, pipelining).
 */
export interface InputBuffer {
  readonly size: number;
  push(chunk: Buffer): void;
  /** The next line, or undefined until its line feed has come. */
  takeLine(maxOctets: number): LineInput | undefined;
  /** At most so many octets; empty when nothing waits. */
  takeOctets(maxOctets: number): Buffer;
  /** Puts octets back in front. */
  unshift(rest: Buffer): void;
  clear(): void;
}

export function createInputBuffer(): InputBuffer {
  let pending: Buffer = Buffer.alloc(0);
  let scanned = 0;
  let swallowing = false;

  function drop(octets: number): void {
    pending = pending.subarray(octets);
    scanned = 0;
  }

  return {
    get size() {
      return pending.length;
    },
    push(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    },
    takeLine(maxOctets) {
      const end = pending.indexOf(LF, scanned);
      if (end < 0) {
        scanned = pending.length;
        if (pending.length > maxOctets) {
          swallowing = true;
          drop(pending.length);
        }
        return undefined;
      }
      const text = pending.subarray(0, end > 0 && pending[end - 1] === CR ? end - 1 : end);
      const tooLong = swallowing || text.length > maxOctets;
      swallowing = false;
      drop(end + 1);
      return tooLong ? { tooLong } : { line: text.toString('utf8') };
    },
    takeOctets(maxOctets) {
      const taken = pending.subarray(0, maxOctets);
      drop(taken.length);
      return taken;
    },
    unshift(rest) {
      pending = pending.length === 0 ? rest : Buffer.concat([rest, pending]);
      scanned = 0;
    },
    clear() {
      drop(pending.length);
      swallowing = false;
    },
  };
}
