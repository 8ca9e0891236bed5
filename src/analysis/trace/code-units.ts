/**
 * Code units of a piece of a file: bytes of UTF-8 and Windows-1252, 16-bit units of UTF-16LE. Field marks and everything
 * that is compared or hashed is ASCII and has the same numbers in both, so a file is scanned without decoding it.
 */
export type CodeUnits = Uint8Array | Uint16Array;

const ANSI = new TextDecoder('windows-1252');

/** A window of a file: the units and the bytes below them. */
export class TextWindow {
  readonly bytes: Buffer;
  readonly units: CodeUnits;
  private readonly utf16: boolean;
  /** A field was not UTF-8 and was read as Windows-1252. */
  sawAnsi = false;

  /** `bytes` must be aligned to two bytes when `utf16`. */
  constructor(bytes: Buffer, utf16: boolean) {
    this.bytes = bytes;
    this.utf16 = utf16;
    this.units = utf16 ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1) : bytes;
  }

  /** The text of units `start` to `end`, at most `limit` units of it. */
  text(start: number, end: number, limit = 65_536): string {
    const stop = Math.min(end, start + limit);
    if (this.utf16) return this.bytes.toString('utf16le', start * 2, stop * 2);
    const text = this.bytes.toString('utf8', start, stop);
    if (!text.includes('\ufffd')) return text;
    this.sawAnsi = true;
    return ANSI.decode(this.bytes.subarray(start, stop));
  }
}

/** True when units `start` to `end` are exactly the ASCII text. */
export function unitsEqual(units: CodeUnits, start: number, end: number, ascii: string): boolean {
  if (end - start !== ascii.length) return false;
  for (let at = 0; at < ascii.length; at++) if (units[start + at] !== ascii.charCodeAt(at)) return false;
  return true;
}

/** The first place at or after `start` and before `end` where the ASCII text stands; -1 when it does not. */
export function unitsIndexOf(units: CodeUnits, start: number, end: number, ascii: string): number {
  const first = ascii.charCodeAt(0);
  const last = end - ascii.length;
  for (let at = start; at <= last; at++) {
    if (units[at] === first && unitsEqual(units, at, at + ascii.length, ascii)) return at;
  }
  return -1;
}
