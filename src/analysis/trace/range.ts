import { open } from 'node:fs/promises';
import { fileSource } from './byte-source.ts';
import type { RowProblem } from './event-table-reader.ts';
import type { TraceSample } from './formats/format.ts';
import { FORMATS } from './formats/index.ts';
import type { TraceQuery } from './input.ts';
import { rowFilter } from './query-filter.ts';
import { Tally } from './tally.ts';
import type { TallyData } from './tally-data.ts';
import { feedWindows } from './windows.ts';

/** One range of a file to read, as it is sent to another thread. */
export interface RangeTask {
  path: string;
  format: string;
  sample: TraceSample;
  seed: number;
  query: TraceQuery;
  /** Byte of the first record, or 0. */
  start: number;
  /** Byte at or after which no record is begun; null for the end of the file. */
  stop: number | null;
}

/** What was read of a range. */
export interface RangeResult {
  tally: TallyData;
  rows: number;
  skipped: number;
  problems: readonly RowProblem[];
  lines: number;
  sawAnsi: boolean;
  /** The columns changed on the way: what follows was read with the wrong ones. */
  layoutChanged: boolean;
  /** Byte after the last record. */
  end: number;
  partial: boolean;
}

/** Bytes and rows that were read since the last time. */
export type RangeProgress = (bytes: number, rows: number) => void;

/** How often to tell of progress: each message to another thread wakes it. */
const PROGRESS_BYTES = 8e6;

/** Reads the records that begin in a range of a file. */
export async function readRange(task: RangeTask, signal: AbortSignal, onProgress: RangeProgress): Promise<RangeResult> {
  const { path, sample, seed, query, start, stop } = task;
  const format = FORMATS.find(({ id }) => id === task.format);
  if (!format) throw new Error(`unknown format ${task.format}`);
  const { encoding, bom } = sample.encoding;
  const width = encoding.startsWith('UTF-16') ? 2 : 1;
  const skip = start === 0 ? bom : 0;
  const tally = new Tally({ seed, filter: rowFilter(query), timeline: Boolean(query.messageId) });
  const reader = format.createReader(sample, tally, stop === null ? {} : { stopAt: (stop - start - skip) / width });
  const source = fileSource(await open(path), start);
  let told = { bytes: 0, rows: 0 };
  try {
    const complete = await feedWindows(source, reader, {
      encoding,
      skip,
      signal,
      onBytes: (bytes) => {
        if (bytes - told.bytes < PROGRESS_BYTES) return;
        onProgress(bytes - told.bytes, reader.rows - told.rows);
        told = { bytes, rows: reader.rows };
      },
    });
    const { rows, skipped, problems, lines, sawAnsi, layoutChanged, position } = reader;
    const end = start + skip + position * width;
    const partial = !complete;
    return { tally: tally.data(), rows, skipped, problems, lines, sawAnsi, layoutChanged, end, partial };
  } finally {
    await source.close();
  }
}
