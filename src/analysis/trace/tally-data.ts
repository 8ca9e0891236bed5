import type { AttemptsData } from './attempts.ts';
import type { BucketData } from './error-ledger.ts';
import type { SketchData } from './latency-sketch.ts';
import type { MessageTableData } from './message-table.ts';
import type { RowFilter } from './query-filter.ts';
import type { PlacedEvent } from './timeline.ts';

/** What a tally needs to know. */
export interface TallyOptions {
  /** Of the hashes of message ids; the same for tallies that are merged. */
  seed: number;
  filter?: RowFilter | undefined;
  /** Keep the events: a message was asked for. */
  timeline: boolean;
}

/** A tally as it is sent to another thread. */
export interface TallyData {
  rows: number;
  deferEvents: number;
  first: number;
  last: number;
  messages: MessageTableData;
  errors: BucketData[];
  attempts: AttemptsData;
  stages: [string, SketchData][];
  timeline: PlacedEvent[];
  /** A bounded table was full, so that the order of the rows mattered. */
  overflowed: boolean;
}
