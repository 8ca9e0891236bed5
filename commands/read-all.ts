import type { Readable } from 'node:stream';
import { UserError } from '../src/errors.ts';

/**
 * All bytes of a stream, up to a limit.
 * @throws UserError when there is more than `limit` bytes.
 */
export async function readAll(
  stream: Readable,
  options: { limit: number; what: string; signal: AbortSignal },
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    options.signal.throwIfAborted();
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string);
    size += bytes.length;
    if (size > options.limit) {
      stream.destroy();
      const limit = Math.round(options.limit / 1024 / 1024);
      throw new UserError(
        `${options.what} is larger than ${limit} MB. Give the bounce itself, without the returned message.`,
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
