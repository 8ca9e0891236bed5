/** Encodings that trace files come in; the names are those of the report. */
export type TraceEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';

export interface DetectedEncoding {
  encoding: TraceEncoding;
  /** Length of the byte order mark: 0, 2 or 3 bytes. */
  bom: number;
}

/** Zero bytes at one side in this share of the pairs mean UTF-16: header and hashes are ASCII in every export. */
const ZERO_SHARE = 0.4;

/**
 * Encoding of a file from its first bytes. Exchange Online writes UTF-16LE, often without a byte order mark, so zero
 * bytes at odd and even offsets are counted (RFC 2781 section 4.3 leaves unmarked text to such guesses).
 * Bytes that are not UTF-8 (RFC 3629) are taken for Windows-1252, what Excel means by "CSV" in the west.
 */
export function detectEncoding(sample: Uint8Array): DetectedEncoding {
  const [a, b, c] = sample;
  if (a === 0xff && b === 0xfe) return { encoding: 'UTF-16LE', bom: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'UTF-16BE', bom: 2 };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'UTF-8', bom: 3 };
  const size = Math.min(sample.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < size; at += 2) {
    if (sample[at] === 0) even++;
    if (sample[at + 1] === 0) odd++;
  }
  const pairs = size / 2;
  if (odd > pairs * ZERO_SHARE && even < odd / 8) return { encoding: 'UTF-16LE', bom: 0 };
  if (even > pairs * ZERO_SHARE && odd < even / 8) return { encoding: 'UTF-16BE', bom: 0 };
  return { encoding: isUtf8(sample) ? 'UTF-8' : 'Windows-1252', bom: 0 };
}

/** Text of the first bytes of a file, without its byte order mark. */
export function decodeSample(sample: Uint8Array, { encoding, bom }: DetectedEncoding): string {
  return new TextDecoder(encoding.toLowerCase()).decode(sample.subarray(bom), { stream: true });
}

/** Most control characters never stand in a text; a file with many of them is a workbook, an archive or the like. */
export function looksBinary(text: string): boolean {
  const head = text.slice(0, 4096);
  let controls = 0;
  for (let at = 0; at < head.length; at++) {
    const code = head.charCodeAt(at);
    if (code < 9 || (code > 13 && code < 32) || code === 0xfffd) controls++;
  }
  return controls > head.length / 50;
}

/** A sample may end inside a character: a streaming decoder does not mind. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
