import { splitAddresses } from './addresses.ts';
import { Attempts } from './attempts.ts';
import { unitsEqual } from './code-units.ts';
import { outboundConnector, parseCustomData } from './custom-data.ts';
import { ErrorLedger } from './error-ledger.ts';
import { type EventRole, eventKind, isInternalSend } from './event.ts';
import { TextHash } from './hash.ts';
import { MessageTable, type Outcomes, RECIPIENT } from './message-table.ts';
import type { RowFilter } from './query-filter.ts';
import { ReplyCache } from './reply-cache.ts';
import { C, type TraceRow } from './row.ts';
import { StageLatency } from './stage-latency.ts';
import type { TallyData, TallyOptions } from './tally-data.ts';
import { TextCache } from './text-cache.ts';
import { Timeline } from './timeline.ts';
import { readTimestamp } from './timestamp.ts';

const { date_time_utc: DATE, event_id: EVENT, source: SOURCE, message_id: MESSAGE } = C;
const { network_message_id: NETWORK, recipient_address: RECIPIENTS, related_recipient_address: RELATED } = C;
const { recipient_status: STATUS, message_info: INFO, connector_id: CONNECTOR, custom_data: CUSTOM } = C;
const { client_hostname: CLIENT, client_ip: CLIENT_IP, server_hostname: SERVER, server_ip: SERVER_IP } = C;

/** Adds up the rows of a trace. Rows may come in any order; tallies of parts can be merged. */
export class Tally {
  rows = 0;
  deferEvents = 0;
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  readonly errors = new ErrorLedger();
  readonly attempts = new Attempts();
  readonly stages = new StageLatency();
  readonly timeline: Timeline;
  private readonly messages = new MessageTable();
  private readonly replies = new ReplyCache();
  private readonly hash: TextHash;
  private readonly filter: RowFilter | undefined;
  private readonly keepsTimeline: boolean;
  /** One a column: server names that never repeat must not push out the few addresses and connectors that do. */
  private readonly names: TextCache[] = [];
  private readonly roles: { event: string; role: EventRole }[] = [];

  constructor({ seed, filter, timeline }: TallyOptions) {
    this.hash = new TextHash(seed);
    this.filter = filter;
    this.keepsTimeline = timeline;
    this.timeline = new Timeline(this.replies);
  }

  /** Counts one row; false when it is not asked for. The row is not kept. */
  add(row: TraceRow): boolean {
    const ms = readTimestamp(row.window.units, row.start(DATE), row.end(DATE));
    if (this.filter && !this.filter(row, ms)) return false;
    this.rows++;
    if (ms < this.first) this.first = ms;
    if (ms > this.last) this.last = ms;
    if (this.keepsTimeline) this.timeline.add(row, ms);
    const role = this.role(row);
    if (role === 'deferral') this.deferEvents++;
    if (!this.hashMessage(row)) {
      if (role === 'deferral' || role === 'failure') this.countError(row, ms);
      return true;
    }
    const message = this.messages.message(this.hash.lo, this.hash.hi, ms);
    if (role !== 'noise') this.apply(row, role, message, ms);
    return true;
  }

  /**
   * Notes what became of a recipient of a message whose row was counted, for formats that tell the outcome without
   * event, time and reply.
   */
  conclude(row: TraceRow): void {
    if (!this.hashMessage(row)) return;
    const message = this.messages.message(this.hash.lo, this.hash.hi, Number.NaN);
    const role = this.role(row);
    if (role === 'routing') this.apply(row, role, message, Number.NaN);
    const bits = CONCLUSIONS[role];
    if (bits === undefined) return;
    if (role === 'deferral') {
      this.deferEvents++;
      this.messages.defer(message);
    }
    this.recipients(row, RECIPIENTS, message, bits);
  }

  /** Adds what a later part of the trace counted. */
  merge(data: TallyData): void {
    this.rows += data.rows;
    this.deferEvents += data.deferEvents;
    this.first = Math.min(this.first, data.first);
    this.last = Math.max(this.last, data.last);
    this.messages.merge(data.messages);
    this.errors.merge(data.errors);
    this.attempts.merge(data.attempts);
    this.stages.merge(data.stages);
    this.timeline.merge(data.timeline);
  }

  data(): TallyData {
    return {
      rows: this.rows,
      deferEvents: this.deferEvents,
      first: this.first,
      last: this.last,
      messages: this.messages.data(),
      errors: this.errors.data(),
      attempts: this.attempts.data(),
      stages: this.stages.data(),
      timeline: this.timeline.events,
      overflowed: this.errors.overflowed,
    };
  }

  outcomes(): Outcomes {
    return this.messages.outcomes();
  }

  private apply(row: TraceRow, role: EventRole, message: number, ms: number): void {
    switch (role) {
      case 'noise':
        break;
      case 'intake':
        this.recipients(row, RECIPIENTS, message, 0);
        break;
      case 'routing':
        this.reroute(row, message);
        break;
      case 'handover':
        if (isInternalSend(this.name(row, CONNECTOR))) this.recipients(row, RECIPIENTS, message, RECIPIENT.handedOver);
        else this.deliver(row, message, ms);
        break;
      case 'delivery':
        this.deliver(row, message, ms);
        break;
      case 'deferral':
        this.messages.defer(message);
        this.recipients(row, RECIPIENTS, message, RECIPIENT.deferred);
        this.countError(row, ms);
        this.attempt(row, true);
        break;
      case 'failure': {
        const failed = this.countError(row, ms);
        this.recipients(row, RECIPIENTS, message, failed ? RECIPIENT.failed : RECIPIENT.dropped);
        if (failed) this.attempt(row, true);
        break;
      }
      case 'drop':
        this.recipients(row, RECIPIENTS, message, this.dropBits(row));
        break;
      default:
        role satisfies never;
    }
  }

  /** A group gives way to its members, an address to the one it was resolved or redirected to. */
  private reroute(row: TraceRow, message: number): void {
    this.recipients(row, RECIPIENTS, message, 0);
    if (row.isEmpty(RELATED) || this.sameField(row, RELATED, RECIPIENTS)) return;
    const expands = unitsEqual(row.window.units, row.start(EVENT), row.end(EVENT), 'EXPAND');
    this.recipients(row, RELATED, message, expands ? RECIPIENT.expanded : RECIPIENT.replaced);
  }

  private deliver(row: TraceRow, message: number, ms: number): void {
    this.recipients(row, RECIPIENTS, message, RECIPIENT.delivered);
    this.messages.deliver(message, ms);
    this.stages.add(row.window, row.start(INFO), row.end(INFO));
    this.attempt(row, false);
  }

  /** True when the row tells of a failure; a `250 2.1.5` in a FAIL row is none. */
  private countError(row: TraceRow, ms: number): boolean {
    const reply = row.isEmpty(STATUS) ? row.text(C.source_context) : row.text(STATUS);
    const verdict = this.replies.classify(reply);
    // The sender's side stands in client_*; an event that is no SMTP hop names only the server it happened on.
    const server = this.name(row, CLIENT) || this.name(row, SERVER);
    this.errors.add(verdict, { ms, server, ip: this.name(row, SERVER_IP), connector: this.connector(row), reply });
    return reply === '' || verdict.errorType !== null;
  }

  /** Counts an SMTP hop to another host: only those can be told apart by server, subnet and target. */
  private attempt(row: TraceRow, failed: boolean): void {
    if (row.isEmpty(SERVER_IP) || !unitsEqual(row.window.units, row.start(SOURCE), row.end(SOURCE), 'SMTP')) return;
    const server = this.name(row, CLIENT);
    const source = this.name(row, CLIENT_IP);
    this.attempts.add(this.connector(row), server, source, this.name(row, SERVER_IP), failed);
  }

  private dropBits(row: TraceRow): number {
    if (row.isEmpty(STATUS)) return RECIPIENT.dropped;
    const status = row.text(STATUS);
    if (status.includes('RESOLVER.GRP.Expanded')) return RECIPIENT.expanded;
    return this.replies.classify(status).permanent ? RECIPIENT.failed : RECIPIENT.dropped;
  }

  private connector(row: TraceRow): string {
    const connector = this.name(row, CONNECTOR);
    if (connector !== '' || row.isEmpty(CUSTOM)) return connector;
    return outboundConnector(parseCustomData(row.text(CUSTOM)))?.name ?? '';
  }

  /** The role of the event; its length, first and last letter find the name that was met before. */
  private role(row: TraceRow): EventRole {
    const { units } = row.window;
    const start = row.start(EVENT);
    const end = row.end(EVENT);
    const slot = ((end - start) * 7 + (units[start] ?? 0) * 3 + (units[end - 1] ?? 0)) & 255;
    const known = this.roles[slot];
    if (known && unitsEqual(units, start, end, known.event)) return known.role;
    const event = row.window.text(start, end, 64);
    const { role } = eventKind(event);
    this.roles[slot] = { event, role };
    return role;
  }

  private name(row: TraceRow, column: number): string {
    this.names[column] ??= new TextCache();
    return this.names[column].text(row.window, row.start(column), row.end(column));
  }

  /** Hashes the message id, or the network message id when there is none; false when the row has neither. */
  private hashMessage(row: TraceRow): boolean {
    const { units } = row.window;
    const column = row.isEmpty(MESSAGE) ? NETWORK : MESSAGE;
    let start = row.start(column);
    let end = row.end(column);
    while (start < end && isEdge(units[start])) start++;
    while (end > start && isEdge(units[end - 1])) end--;
    if (start === end) return false;
    if (!this.hash.units(units, start, end, false)) this.hash.text(row.window.text(start, end), false);
    return true;
  }

  private recipients(row: TraceRow, column: number, message: number, bits: number): void {
    const { units } = row.window;
    const start = row.start(column);
    const end = row.end(column);
    if (start === end) return;
    let plain = row.isPlain(column);
    for (let at = start; at < end && plain; at++) {
      const unit = units[at];
      if (unit === SEMICOLON || unit === QUOTE) plain = false;
    }
    if (plain && this.hash.units(units, start, end, true)) {
      this.messages.recipient(message, this.hash.lo, this.hash.hi, bits);
      return;
    }
    for (const address of splitAddresses(row.text(column))) {
      this.hash.text(address, true);
      this.messages.recipient(message, this.hash.lo, this.hash.hi, bits);
    }
  }

  private sameField(row: TraceRow, a: number, b: number): boolean {
    return row.end(a) - row.start(a) === row.end(b) - row.start(b) && row.text(a) === row.text(b);
  }
}

const CONCLUSIONS: Partial<Record<EventRole, number>> = {
  delivery: RECIPIENT.delivered,
  deferral: RECIPIENT.deferred,
  failure: RECIPIENT.failed,
  drop: RECIPIENT.dropped,
};

const SEMICOLON = 59;
const QUOTE = 34;

/** A space or an angle bracket around an id. */
function isEdge(unit: number | undefined): boolean {
  return unit === 60 || unit === 62 || unit === 32;
}
