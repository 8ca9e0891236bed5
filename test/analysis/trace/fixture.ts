import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { TraceInput } from '../../../src/analysis/trace/parse-trace.ts';

/** A sample of test/fixtures/trace as an upload would give it. */
export function fixture(name: string): TraceInput {
  return { name, open: async () => createReadStream(fixturePath(name)) };
}

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/trace/${name}`, import.meta.url));
}

/** Bytes as an upload that arrives in pieces of the given size. */
export function upload(bytes: Buffer | string, piece = 65_536, name = 'upload.csv'): TraceInput {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  return { name, size: buffer.length, open: async () => Readable.from(pieces(buffer, piece), { objectMode: false }) };
}

function* pieces(buffer: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < buffer.length; at += size) yield buffer.subarray(at, at + size);
}
