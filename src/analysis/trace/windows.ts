import type { ByteSource } from './byte-source.ts';
import { TextWindow } from './code-units.ts';
import type { TraceEncoding } from './encoding.ts';

/** Bytes read at a time. */
export const WINDOW_BYTES = 1 << 20;
/** Longest record: what is left of one window is kept in front of the next. */
export const MAX_RECORD_BYTES = 1 << 18;

/** Takes text in pieces; unit numbers count from the beginning of the window. */
export interface WindowSink {
  /**
   * Reads the units from `from` to `to` and returns where the first incomplete record begins. With `final` nothing
   * follows.
   */
  consume(window: TextWindow, from: number, to: number, final: boolean): number;
  /** More than a record may hold is left over: skips it and returns where to go on, `to` when that is not in sight. */
  overflow(window: TextWindow, from: number, to: number): number;
  /** Enough was read. */
  readonly done: boolean;
}

export interface FeedOptions {
  encoding: TraceEncoding;
  /** Bytes to leave out at the start: the byte order mark. */
  skip: number;
  signal?: AbortSignal | undefined;
  /** Told after each window how many bytes were read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Bytes that were already read from the source, at most a window full; they come first. */
  head?: Buffer;
}

/** A buffer with room in front for what the window before it left over. */
export function newWindowBuffer(): Buffer {
  return Buffer.from(new ArrayBuffer(MAX_RECORD_BYTES + WINDOW_BYTES));
}

/**
 * Reads a source to its end in two buffers in turn: while one is scanned, the next is filled. Memory stays the same
 * however long the source is. Returns false when it was stopped by the signal.
 */
export async function feedWindows(source: ByteSource, sink: WindowSink, options: FeedOptions): Promise<boolean> {
  const { encoding, signal, onBytes, head } = options;
  const utf16 = encoding.startsWith('UTF-16');
  const width = utf16 ? 2 : 1;
  let window = new TextWindow(newWindowBuffer(), utf16);
  let spare = new TextWindow(newWindowBuffer(), utf16);
  let size = head ? head.copy(window.bytes, MAX_RECORD_BYTES) : await fill(source, window, 0);
  if (head && size < WINDOW_BYTES) size += await fill(source, window, size);
  let from = (MAX_RECORD_BYTES + options.skip) / width;
  let total = 0;
  for (;;) {
    const final = size < WINDOW_BYTES;
    const next = final ? undefined : fill(source, spare, 0);
    total += size;
    const stop = MAX_RECORD_BYTES + (size & ~(width - 1));
    if (encoding === 'UTF-16BE') window.bytes.subarray(MAX_RECORD_BYTES, stop).swap16();
    const to = stop / width;
    let rest: number;
    try {
      rest = from < to ? sink.consume(window, from, to, final) : to;
      while (!sink.done && (to - rest) * width > MAX_RECORD_BYTES) {
        rest = sink.overflow(window, rest, to);
        if (rest < to) rest = sink.consume(window, rest, to, final);
      }
    } catch (error) {
      await next;
      throw error;
    }
    onBytes?.(total);
    if (!next) return true;
    size = await next;
    if (sink.done) return true;
    if (signal?.aborted) return false;
    from = MAX_RECORD_BYTES / width - (to - rest);
    window.bytes.copy(spare.bytes, from * width, rest * width, to * width);
    [window, spare] = [spare, window];
  }
}

function fill(source: ByteSource, window: TextWindow, at: number): Promise<number> {
  return source.fill(window.bytes.subarray(MAX_RECORD_BYTES + at));
}
