import type { DetectedEncoding } from '../encoding.ts';
import type { RowProblem } from '../event-table-reader.ts';
import type { Tally } from '../tally.ts';
import type { WindowSink } from '../windows.ts';

/** The beginning of a file, decoded. */
export interface TraceSample {
  name: string;
  /** Up to 64 KiB of text without byte order mark. */
  text: string;
  /** Its lines; the last one may be cut. */
  lines: readonly string[];
  encoding: DetectedEncoding;
}

/** Reads one file of a format into a tally. */
export interface FormatReader extends WindowSink {
  readonly rows: number;
  readonly skipped: number;
  readonly problems: readonly RowProblem[];
  readonly sawAnsi: boolean;
  /** Lines that ended so far. */
  readonly lines: number;
  /** Units read so far, up to the end of the last record. */
  readonly position: number;
  readonly layoutChanged: boolean;
}

/** Part of a file, for reading by ranges. */
export interface ReadPart {
  /** Units from the first unit given to the reader at which no new record is begun. */
  stopAt?: number;
}

/** One format of trace or log; a new one is a new file here and a line in index.ts. */
export interface TraceFormat {
  /** The name in the report. */
  id: string;
  /** For people, after "I read": `the extended message trace of Exchange Online (CSV, 27 columns)`. */
  title: string;
  detect(sample: TraceSample): boolean;
  createReader(sample: TraceSample, tally: Tally, part?: ReadPart): FormatReader;
  /** Each record begins with an ISO time on a line of its own, so that a file can be read from the middle. */
  splittable: boolean;
}
