import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FileResult, ReadFileOptions } from './file-result.ts';
import { type RangeProgress, type RangeResult, type RangeTask, readRange } from './range.ts';
import type { OpenInput } from './read-input.ts';
import { splitPoints } from './split-file.ts';
import type { Tally } from './tally.ts';

/** A smaller range is read before a thread has started and its code is compiled. */
const MIN_RANGE_BYTES = 48e6;
const MAX_THREADS = 4;

/** Reads one range somewhere: in a thread, or for a test right here. */
export type RangeRunner = (task: RangeTask, signal: AbortSignal, onProgress: RangeProgress) => Promise<RangeResult>;

/**
 * The worker as compiled; undefined when the sources run as they are, which older Node cannot load in a thread.
 */
const WORKER = import.meta.url.endsWith('.js') ? new URL('./range-worker.js', import.meta.url) : undefined;

/** Number of ranges in which to read a file; 1 when it is not worth while or not possible. */
export function rangeCount({ format, fileSize = 0 }: OpenInput): number {
  if (!format.splittable || !WORKER) return 1;
  return Math.max(1, Math.min(availableParallelism(), MAX_THREADS, Math.floor(fileSize / MIN_RANGE_BYTES)));
}

/**
 * Reads a file in ranges at the same time and merges what they give into the tally. Undefined, with the tally untouched,
 * when the ranges do not fit together (one does not end where the next begins, columns change, a bounded table was
 * full): then the file has to be read in one go, so that the answer is always that of one go.
 */
export async function readInRanges(
  opened: OpenInput,
  parts: number,
  tally: Tally,
  { seed, query, signal, onProgress }: ReadFileOptions,
  run: RangeRunner = runInThread,
): Promise<FileResult | undefined> {
  const { input, sample, format, fileSize: size = 0 } = opened;
  const path = input.path ?? '';
  const starts = [0, ...(await splitPoints(path, size, sample, parts))];
  const read = { bytes: 0, rows: 0 };
  const progress: RangeProgress = (bytes, rows) => {
    read.bytes += bytes;
    read.rows += rows;
    onProgress?.({ file: input.name, rows: read.rows, bytes: Math.min(read.bytes, size), totalBytes: size });
  };
  const cancelled = signal ?? new AbortController().signal;
  const tasks = starts.map((start, at) => {
    const stop = starts[at + 1] ?? null;
    return { path, format: format.id, sample: { ...sample, text: '' }, seed, query, start, stop };
  });
  const [head, ...others] = tasks;
  if (!head || others.length === 0) return undefined;
  const results = await Promise.all([
    ...others.map((task) => run(task, cancelled, progress)),
    readRange(head, cancelled, progress),
  ]);
  results.unshift(...results.splice(-1));
  const partial = results.some((result) => result.partial);
  if (!partial && !fits(results, starts)) return undefined;
  return {
    ...merged(results, tally),
    name: input.name,
    format: format.id,
    encoding: encodingOf(results, sample),
    partial,
  };
}

function fits(results: readonly RangeResult[], starts: readonly number[]): boolean {
  return results.every(({ end, layoutChanged, tally }, at) => {
    const next = starts[at + 1];
    return !layoutChanged && !tally.overflowed && (next === undefined || end === next);
  });
}

function merged(results: readonly RangeResult[], tally: Tally): Pick<FileResult, 'rows' | 'skipped' | 'problems'> {
  const sum = { rows: 0, skipped: 0, problems: [] as FileResult['problems'] };
  let lines = 0;
  for (const result of results) {
    const before = lines;
    tally.merge(result.tally);
    sum.rows += result.rows;
    sum.skipped += result.skipped;
    sum.problems = [...sum.problems, ...result.problems.map(({ line, reason }) => ({ line: line + before, reason }))];
    lines += result.lines;
  }
  return sum;
}

function encodingOf(results: readonly RangeResult[], { encoding }: OpenInput['sample']): string {
  return results.some(({ sawAnsi }) => sawAnsi) ? 'Windows-1252' : encoding.encoding;
}

function runInThread(task: RangeTask, signal: AbortSignal, onProgress: RangeProgress): Promise<RangeResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER ?? '', { workerData: task });
    const cancel = () => worker.postMessage('cancel');
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    worker.on('message', (message: { progress?: { bytes: number; rows: number }; result?: RangeResult }) => {
      if (message.progress) onProgress(message.progress.bytes, message.progress.rows);
      if (message.result) resolve(message.result);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', cancel);
      reject(new Error(`a reading thread ended with status ${code}`));
    });
  });
}
