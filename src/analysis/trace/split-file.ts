import { open } from 'node:fs/promises';
import type { TraceSample } from './formats/format.ts';

/** How far to look for the beginning of a record. */
const LOOK_AHEAD = 1 << 19;
/**
 * A line that begins with a time is taken for a record. A quoted field can hold such a line, so whoever reads up to
 * here has to end exactly here, or the guess was wrong.
 */
const RECORD_START = /[\r\n](?="?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/;

/** Bytes at which records begin, near the ends of `parts` equal pieces of a file; fewer when there are none to see. */
export async function splitPoints(path: string, size: number, sample: TraceSample, parts: number): Promise<number[]> {
  const { encoding, bom } = sample.encoding;
  const width = encoding.startsWith('UTF-16') ? 2 : 1;
  // Latin-1 keeps one character a byte, so that an index in the text is a place in the file.
  const decoder = width === 2 ? new TextDecoder(encoding.toLowerCase()) : new TextDecoder('latin1');
  const points: number[] = [];
  const file = await open(path);
  try {
    for (let part = 1; part < parts; part++) {
      const offset = bom + Math.floor(((size - bom) * (part / parts)) / width) * width;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(LOOK_AHEAD), 0, LOOK_AHEAD, offset);
      const text = decoder.decode(buffer.subarray(0, bytesRead & ~(width - 1)));
      const found = text.search(RECORD_START);
      const point = offset + (found + 1) * width;
      if (found >= 0 && point > (points.at(-1) ?? 0)) points.push(point);
    }
  } finally {
    await file.close();
  }
  return points;
}
