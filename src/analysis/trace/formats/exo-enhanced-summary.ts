import { parseRecipientEvents } from '../addresses.ts';
import { columnPlaces, normaliseName } from '../columns.ts';
import { EventTableReader, type TableLayout } from '../event-table-reader.ts';
import { C, rowOf, type TraceRow } from '../row.ts';
import type { Tally } from '../tally.ts';
import { delimiterOf, headerFields } from './delimiter.ts';
import type { TraceFormat, TraceSample } from './format.ts';

/** What the last event of a recipient means; `Send` and `Deliver` both mean delivered. */
const EVENTS: Record<string, string> = {
  send: 'SENDEXTERNAL',
  deliver: 'DELIVER',
  fail: 'FAIL',
  defer: 'DEFER',
  expand: 'EXPAND',
  resolve: 'RESOLVE',
  drop: 'DROP',
};

/**
 * Enhanced summary of Exchange Online (Start-HistoricalSearch -ReportType MessageTrace): one row a message, with
 * `addr##Event, Event;…` in recipient_status.
 */
export const exoEnhancedSummary: TraceFormat = {
  id: 'exo-enhanced-summary',
  title: 'the enhanced summary of Exchange Online (CSV with origin_timestamp_utc, recipient_status …)',
  splittable: true,
  detect: (sample) => layoutOf(sample) !== undefined,
  createReader(sample, tally, part = {}) {
    const layout = layoutOf(sample) ?? { delimiter: ',', width: 0, places: [] };
    return new EventTableReader({
      ...part,
      layout,
      onRow: (row) => addMessage(row, tally),
      onOther: (fields) => headerLayout(fields, layout.delimiter),
    });
  },
};

function layoutOf({ lines }: TraceSample): TableLayout | undefined {
  const [first = ''] = lines;
  const delimiter = delimiterOf(first);
  return headerLayout(headerFields(first, delimiter), delimiter);
}

function headerLayout(fields: readonly string[], delimiter: string): TableLayout | undefined {
  const names = fields.map(normaliseName);
  const known = names.some((name) => /^origin_timestamp(_utc)?$/.test(name)) && names.includes('recipient_status');
  return known ? { delimiter, width: fields.length, places: columnPlaces(fields) } : undefined;
}

/** One row of the file counts once; the outcome of each recipient is told to the tally without counting rows. */
function addMessage(row: TraceRow, tally: Tally): void {
  const recipients = parseRecipientEvents(row.text(C.recipient_status));
  const common = {
    date_time_utc: row.text(C.date_time_utc),
    message_id: row.text(C.message_id),
    network_message_id: row.text(C.network_message_id),
    sender_address: row.text(C.sender_address),
    original_client_ip: row.text(C.original_client_ip),
    connector_id: row.text(C.connector_id),
  };
  const addresses = recipients.map(({ address }) => address).join(';');
  if (!tally.add(rowOf({ ...common, event_id: 'RECEIVE', recipient_address: addresses }))) return;
  for (const { address, events } of recipients) {
    const event = EVENTS[events.at(-1)?.toLowerCase() ?? ''];
    if (!event) continue;
    const group = event === 'EXPAND';
    tally.conclude(
      rowOf({
        ...common,
        event_id: event,
        recipient_address: group ? '' : address,
        related_recipient_address: group ? address : '',
      }),
    );
  }
}
