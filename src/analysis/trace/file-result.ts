import type { RowProblem } from './event-table-reader.ts';
import type { TraceProgress, TraceQuery } from './input.ts';

/** What was read of one file. */
export interface FileResult {
  name: string;
  format: string;
  encoding: string;
  rows: number;
  skipped: number;
  problems: readonly RowProblem[];
  /** The work was cancelled before the end. */
  partial: boolean;
}

/** How to read a file. */
export interface ReadFileOptions {
  /** Of the hashes of message ids. */
  seed: number;
  query: TraceQuery;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TraceProgress) => void) | undefined;
}
