import { customValue, outboundConnector, parseCustomData } from './custom-data.ts';
import { compareEvents, eventKind } from './event.ts';
import { parseMessageInfo } from './message-info.ts';
import type { ReplyCache } from './reply-cache.ts';
import type { TimelineEvent } from './report.ts';
import { C, type TraceRow } from './row.ts';
import { isoOf } from './timestamp.ts';

/** An event with what its order depends on. */
export interface PlacedEvent {
  ms: number;
  order: number;
  event: TimelineEvent;
}

/** A message with more events is a loop; the first of them tell the story. */
const MAX_EVENTS = 5000;
const MAX_DETAIL = 1000;
/** Seconds; a part of the way that took less is not worth a word. */
const MIN_PART = 1;

/** Collects the events of one message. */
export class Timeline {
  readonly events: PlacedEvent[] = [];
  private readonly replies: ReplyCache;

  constructor(replies: ReplyCache) {
    this.replies = replies;
  }

  add(row: TraceRow, ms: number): void {
    if (this.events.length >= MAX_EVENTS) return;
    this.events.push({ ms, order: this.events.length, event: timelineEvent(row, ms, this.replies) });
  }

  /** The events in the order in which they happened. */
  report(): TimelineEvent[] {
    return this.events
      .map(({ ms, order, event }) => ({ ms, order, event: event.event, entry: event }))
      .sort(compareEvents)
      .map(({ entry }) => entry);
  }

  /** Adds the events of a later part of the trace. */
  merge(events: readonly PlacedEvent[]): void {
    for (const { ms, event } of events) {
      if (this.events.length < MAX_EVENTS) this.events.push({ ms, order: this.events.length, event });
    }
  }
}

function timelineEvent(row: TraceRow, ms: number, replies: ReplyCache): TimelineEvent {
  const event = row.text(C.event_id);
  const { role } = eventKind(event);
  const status = row.text(C.recipient_status);
  const troubled = role === 'deferral' || role === 'failure';
  const custom = parseCustomData(row.text(C.custom_data));
  const related = row.text(C.related_recipient_address);
  const detail = troubled || role === 'drop' ? status : detailOf(row, status, custom);
  return {
    at: isoOf(ms) ?? row.text(C.date_time_utc),
    event,
    source: row.text(C.source),
    recipient: row.text(C.recipient_address) + (related === '' ? '' : ` (was ${related})`),
    client: named(row.text(C.client_hostname), row.text(C.client_ip)),
    server: named(row.text(C.server_hostname), row.text(C.server_ip)),
    connector: row.text(C.connector_id) || (outboundConnector(custom)?.name ?? ''),
    detail: detail.slice(0, MAX_DETAIL),
    errorType: troubled ? replies.classify(status || row.text(C.source_context)).errorType : null,
  };
}

/** Reply or context, the slow parts of the way, and the TLS that was used. */
function detailOf(row: TraceRow, status: string, custom: ReturnType<typeof parseCustomData>): string {
  const notes = [status || row.text(C.source_context)];
  const tls = customValue(custom, 'tlsversion');
  if (tls) notes.push(`${tls} ${customValue(custom, 'tlscipher') ?? ''}`.trim());
  for (const server of parseMessageInfo(row.text(C.message_info))?.servers ?? []) {
    const slow = server.parts
      .filter(({ seconds }) => seconds >= MIN_PART)
      .map(({ name, seconds }) => `${name} ${seconds} s`);
    if (server.total >= MIN_PART) notes.push([`${server.host} ${server.total} s`, ...slow].join(', '));
  }
  const reference = row.text(C.reference);
  if (reference) notes.push(`reference ${reference}`);
  return notes.filter((note) => note !== '').join('; ');
}

function named(host: string, ip: string): string {
  if (host === '' || ip === '') return host || ip;
  return `${host} (${ip})`;
}
