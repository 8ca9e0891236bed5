import { COLUMNS, columnPlaces, normaliseName } from '../columns.ts';
import { EventTableReader, type TableLayout } from '../event-table-reader.ts';
import { delimiterOf, headerFields } from './delimiter.ts';
import type { TraceFormat, TraceSample } from './format.ts';

const NEEDED = ['date_time_utc', 'event_id', 'message_id', 'recipient_address'];
const ROW_START = /^"?\d{4}-\d\d-\d\dT\d\d:\d\d/;

/**
 * Extended message trace of Exchange Online (Start-HistoricalSearch -ReportType MessageTraceDetail): 27 columns, found
 * by name in any order. A tail without a header is known by its 27 columns.
 */
export const exoExtendedTrace: TraceFormat = {
  id: 'exo-extended-trace',
  title: 'the extended message trace of Exchange Online (CSV with date_time_utc, event_id …)',
  splittable: true,
  detect: (sample) => layoutOf(sample) !== undefined,
  createReader(sample, tally, part = {}) {
    const layout = layoutOf(sample) ?? HEADERLESS;
    return new EventTableReader({
      ...part,
      layout,
      onRow: (row) => tally.add(row),
      onOther: (fields) => headerLayout(fields, layout.delimiter),
    });
  },
};

const HEADERLESS: TableLayout = { delimiter: ',', width: COLUMNS.length, places: COLUMNS.map((_, at) => at) };

function layoutOf({ lines }: TraceSample): TableLayout | undefined {
  const [first = ''] = lines;
  const delimiter = delimiterOf(first);
  const header = headerLayout(headerFields(first, delimiter), delimiter);
  if (header) return header;
  return ROW_START.test(first) && quotedFieldCount(first) === COLUMNS.length ? HEADERLESS : undefined;
}

function headerLayout(fields: readonly string[], delimiter: string): TableLayout | undefined {
  const names = new Set(fields.map(normaliseName));
  if (!NEEDED.every((name) => names.has(name))) return undefined;
  return { delimiter, width: fields.length, places: columnPlaces(fields) };
}

/** Fields of a comma-separated line, commas in quotes not counted. */
function quotedFieldCount(line: string): number {
  let count = 1;
  let quoted = false;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) count++;
  }
  return count;
}
