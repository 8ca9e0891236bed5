import { randomBytes } from 'node:crypto';
import { UserError } from '../../errors.ts';
import { decideConcentration } from './concentration.ts';
import type { FileResult } from './file-result.ts';
import type { TraceInput, TraceProgress, TraceQuery } from './input.ts';
import type { Outcomes } from './message-table.ts';
import { rowFilter } from './query-filter.ts';
import { readFileInto } from './read-file.ts';
import type { TraceReport } from './report.ts';
import { Tally } from './tally.ts';
import { isoOf } from './timestamp.ts';

export type { TraceInput, TraceProgress, TraceQuery } from './input.ts';

/** How to run a parse: cancel it, watch it. */
export interface ParseTraceOptions {
  signal?: AbortSignal;
  onProgress?: (progress: TraceProgress) => void;
}

const MAX_PROBLEMS = 20;

/**
 * Reads traces of any supported format and encoding and counts what happened to each message, in bounded memory.
 * A cancelled parse returns what it has with `partial: true`. Throws UserError for a file that cannot be read as a trace
 * and for a query that makes no sense.
 */
export async function parseTrace(
  files: readonly TraceInput[],
  query: TraceQuery,
  { signal, onProgress }: ParseTraceOptions = {},
): Promise<TraceReport> {
  if (files.length === 0) {
    throw new UserError('There is no file to read. Drop a trace here or name one.', {
      example: 'trace-parse trace.csv',
    });
  }
  const seed = randomBytes(4).readInt32LE();
  const tally = new Tally({ seed, filter: rowFilter(query), timeline: Boolean(query.messageId) });
  const results: FileResult[] = [];
  let partial = false;
  for (const input of files) {
    if (signal?.aborted) {
      partial = true;
      break;
    }
    const result = await readFileInto(input, tally, { seed, query, signal, onProgress });
    results.push(result);
    partial ||= result.partial;
  }
  return reportOf(tally, results, partial);
}

function reportOf(tally: Tally, results: readonly FileResult[], partial: boolean): TraceReport {
  const { latencies, recipients, ...outcomes } = tally.outcomes();
  const problems = results.flatMap(({ name, problems }) => problems.map((problem) => ({ file: name, ...problem })));
  return {
    files: results.map(({ name, format, encoding, rows, skipped }) => ({ name, format, encoding, rows, skipped })),
    rows: tally.rows,
    ...outcomes,
    expanded: recipients.expanded,
    deferEvents: tally.deferEvents,
    sessions: 0,
    errors: tally.errors.report(),
    latency: { ...quantiles(latencies), byStage: tally.stages.report() },
    concentration: decideConcentration(tally.attempts.report()),
    timeline: tally.timeline.report(),
    queues: [],
    recipientOutcomes: recipients,
    first: isoOf(tally.first),
    last: isoOf(tally.last),
    problems: problems.slice(0, MAX_PROBLEMS),
    partial,
  };
}

/** Quantiles of ascending values, by nearest rank. */
function quantiles(values: Outcomes['latencies']): { p50: number | null; p95: number | null; max: number | null } {
  const at = (share: number) => values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), max: values.at(-1) ?? null };
}
