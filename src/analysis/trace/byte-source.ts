import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** Where bytes come from: fills the whole buffer, or less of it when the end is reached. */
export interface ByteSource {
  fill(into: Buffer): Promise<number>;
  close(): Promise<void>;
}

/**
 * A real file from a byte offset on. Reads synchronously: handing each read to another thread and waiting for it costs
 * more than the read, many times more on a busy machine. The event loop gets its turn before each read.
 */
export function fileSource(handle: FileHandle, start: number): ByteSource {
  let position = start;
  return {
    async fill(into) {
      await setImmediate();
      let filled = 0;
      while (filled < into.length) {
        const read = readSync(handle.fd, into, filled, into.length - filled, position);
        if (read === 0) break;
        filled += read;
        position += read;
      }
      return filled;
    },
    close: () => handle.close(),
  };
}

/** An upload or any other stream. */
export function streamSource(stream: Readable): ByteSource {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<unknown>;
  let rest: Buffer = Buffer.alloc(0);
  return {
    async fill(into) {
      let filled = 0;
      while (filled < into.length) {
        if (rest.length === 0) {
          const next = await chunks.next();
          if (next.done) break;
          rest = toBuffer(next.value);
        }
        const size = rest.copy(into, filled);
        rest = rest.subarray(size);
        filled += size;
      }
      return filled;
    },
    async close() {
      stream.destroy();
      // The iterator reports the premature end that destroy caused; nobody waits for more.
      await chunks.return?.();
    },
  };
}

function toBuffer(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Buffer.from(String(chunk), 'utf8');
}
