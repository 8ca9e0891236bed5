import { COLUMNS, columnPlaces, normaliseName } from '../columns.ts';
import { EventTableReader, type TableLayout } from '../event-table-reader.ts';
import type { TraceFormat, TraceSample } from './format.ts';

const ROW_START = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Columns that Exchange 2007 and 2010 do not have yet. */
const SINCE_2010_SP1 = ['directionality', 'tenant_id', 'original_client_ip', 'original_server_ip', 'custom_data'];
const SINCE_2013 = 'network_message_id';
const SINCE_2016 = ['transport_traffic_type', 'log_id', 'schema_version'];

/** Columns by their number, for a tail without a header: 21, 26, 27 and 30 fields. */
const BY_WIDTH = new Map<number, readonly string[]>(
  [
    COLUMNS.filter((name) => name !== SINCE_2013 && !SINCE_2010_SP1.includes(name)),
    COLUMNS.filter((name) => name !== SINCE_2013),
    [...COLUMNS],
    [...COLUMNS, ...SINCE_2016],
  ].map((names) => [names.length, names]),
);

/**
 * Message tracking log of Exchange 2007 to SE. `#Fields` names the columns and can come again after a restart of the
 * service; it is missing in a tail, then the number of fields tells the version
 * (learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking).
 */
export const exchangeTracking: TraceFormat = {
  id: 'exchange-tracking',
  title: 'the message tracking log of Exchange Server (#Fields: date-time,client-ip …)',
  splittable: false,
  detect: (sample) => layoutOf(sample) !== undefined,
  createReader(sample, tally, part = {}) {
    return new EventTableReader({
      ...part,
      layout: layoutOf(sample) ?? { delimiter: ',', width: 0, places: [] },
      onRow: (row) => tally.add(row),
      onOther: (fields) => commentLayout(fields),
    });
  },
};

function layoutOf({ lines }: TraceSample): TableLayout | undefined {
  for (const line of lines.slice(0, 50)) {
    if (line.startsWith('#')) {
      const layout = commentLayout(line.split(','));
      if (layout) return layout;
      if (/^#Log-type:(?!.*tracking)/i.test(line)) return undefined;
      continue;
    }
    const names = BY_WIDTH.get(fieldCount(line));
    return names && ROW_START.test(line) ? layoutFor(names) : undefined;
  }
  return undefined;
}

/** A `#` line: null for a comment, a layout for `#Fields` of a tracking log; undefined for anything else. */
function commentLayout(fields: readonly string[]): TableLayout | null | undefined {
  const [first = ''] = fields;
  if (!first.startsWith('#')) return undefined;
  if (!/^#fields:/i.test(first)) return null;
  const names = [first.replace(/^#fields:/i, ''), ...fields.slice(1)].map(normaliseName);
  return names.includes('event_id') && names.includes('recipient_address') ? layoutFor(names) : null;
}

function layoutFor(names: readonly string[]): TableLayout {
  return { delimiter: ',', width: names.length, places: columnPlaces(names) };
}

function fieldCount(line: string): number {
  let count = 1;
  let quoted = false;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) count++;
  }
  return count;
}
