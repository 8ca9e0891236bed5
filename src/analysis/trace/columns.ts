/**
 * Columns of the extended message trace, which are those of the Exchange 2013 message tracking log with underscores.
 * The position here is the number under which a row gives a field, whatever the order in the file.
 */
export const COLUMNS = [
  'date_time_utc',
  'client_ip',
  'client_hostname',
  'server_ip',
  'server_hostname',
  'source_context',
  'connector_id',
  'source',
  'event_id',
  'internal_message_id',
  'message_id',
  'network_message_id',
  'recipient_address',
  'recipient_status',
  'total_bytes',
  'recipient_count',
  'related_recipient_address',
  'reference',
  'message_subject',
  'sender_address',
  'return_path',
  'message_info',
  'directionality',
  'tenant_id',
  'original_client_ip',
  'original_server_ip',
  'custom_data',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Other names of a column, normalised: tracking logs and Get-MessageTrackingLog. */
const ALIASES: Record<string, Column> = {
  date_time: 'date_time_utc',
  timestamp: 'date_time_utc',
  origin_timestamp_utc: 'date_time_utc',
  origin_timestamp: 'date_time_utc',
};

/** The place of each of {@link COLUMNS} among the fields of a record, -1 where the file lacks it. */
export type ColumnPlaces = readonly number[];

/** `"\uFEFFDate-Time "` becomes `date_time`: quotes, marks and case of header names vary. */
export function normaliseName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .replaceAll(/[^a-z0-9_]/g, '')
    .replaceAll(/^_+|_+$/g, '');
}

/** Places of the columns in a header, by name. */
export function columnPlaces(header: readonly string[]): ColumnPlaces {
  const names = header.map((name) => {
    const plain = normaliseName(name);
    return ALIASES[plain] ?? plain;
  });
  return COLUMNS.map((column) => names.indexOf(column));
}
