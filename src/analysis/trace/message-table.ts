import { grown, HashIndex, roomier } from './hash-index.ts';

/** What has been seen of one recipient of one message, as bits; the order in which it was seen does not matter. */
export const RECIPIENT = {
  delivered: 1,
  failed: 2,
  deferred: 4,
  /** A group whose members take its place. */
  expanded: 8,
  /** Another address took its place (RESOLVE, REDIRECT). */
  replaced: 16,
  /** Ended without a trace, as intended: `250 2.1.5 RESOLVER.GRP.Expanded`. */
  dropped: 32,
  /** Handed to another server of the organisation. */
  handedOver: 64,
} as const;

/** Outcomes of all messages and of their final recipients. */
export interface Outcomes {
  messages: number;
  delivered: number;
  partlyDelivered: number;
  delayedThenDelivered: number;
  failed: number;
  pending: number;
  recipients: { delivered: number; failed: number; pending: number; expanded: number };
  /** Seconds from the first event to the last delivery, one a message with a delivery, ascending. */
  latencies: Float64Array;
}

/** The contents of a table, to be sent to another thread. */
export interface MessageTableData {
  messages: {
    lo: Uint32Array<ArrayBuffer>;
    hi: Uint32Array<ArrayBuffer>;
    first: Float64Array<ArrayBuffer>;
    last: Float64Array<ArrayBuffer>;
    deferred: Uint8Array<ArrayBuffer>;
  };
  recipients: {
    lo: Uint32Array<ArrayBuffer>;
    hi: Uint32Array<ArrayBuffer>;
    message: Uint32Array<ArrayBuffer>;
    seen: Uint8Array<ArrayBuffer>;
  };
}

/**
 * State of every message and recipient in about 50 bytes a pair. Both are known by the hashes of their names; rows may
 * come in any order.
 */
export class MessageTable {
  private readonly messages = new HashIndex();
  private first = new Float64Array(1024);
  private last = new Float64Array(1024);
  private deferred = new Uint8Array(1024);
  private readonly recipients = new HashIndex();
  private owner: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  private seen = new Uint8Array(1024);

  /** The number of a message that has an event at `ms` (NaN when the time is not known). */
  message(lo: number, hi: number, ms: number): number {
    const known = this.messages.size;
    const id = this.messages.add(lo, hi);
    if (id >= this.first.length) this.growMessages();
    if (id === known) {
      this.first[id] = Number.POSITIVE_INFINITY;
      this.last[id] = Number.NEGATIVE_INFINITY;
    }
    if (ms < (this.first[id] ?? 0)) this.first[id] = ms;
    return id;
  }

  /** Notes that a message was put off. */
  defer(message: number): void {
    this.deferred[message] = 1;
  }

  /** Notes a delivery of a message at `ms`. */
  deliver(message: number, ms: number): void {
    if (ms > (this.last[message] ?? 0)) this.last[message] = ms;
  }

  /** Adds bits of {@link RECIPIENT} to the recipient with this hash; 0 makes it known only. */
  recipient(message: number, lo: number, hi: number, bits: number): void {
    // The same address in another message is another recipient.
    const a = (lo ^ (this.messages.lo[message] ?? 0)) >>> 0;
    const b = (hi ^ Math.imul(this.messages.hi[message] ?? 0, 0x9e3779b1)) >>> 0;
    this.mark(message, a, b, bits);
  }

  /** Adds what another table has seen. */
  merge({ messages, recipients }: MessageTableData): void {
    const ids = new Uint32Array(messages.lo.length);
    for (let at = 0; at < ids.length; at++) {
      const id = this.message(messages.lo[at] ?? 0, messages.hi[at] ?? 0, messages.first[at] ?? Number.NaN);
      this.deliver(id, messages.last[at] ?? Number.NaN);
      if (messages.deferred[at]) this.defer(id);
      ids[at] = id;
    }
    for (let at = 0; at < recipients.lo.length; at++) {
      const owner = ids[recipients.message[at] ?? 0] ?? 0;
      this.mark(owner, recipients.lo[at] ?? 0, recipients.hi[at] ?? 0, recipients.seen[at] ?? 0);
    }
  }

  /** The contents, as copies cut to size. */
  data(): MessageTableData {
    const { messages, recipients } = this;
    return {
      messages: {
        lo: messages.lo.slice(0, messages.size),
        hi: messages.hi.slice(0, messages.size),
        first: this.first.slice(0, messages.size),
        last: this.last.slice(0, messages.size),
        deferred: this.deferred.slice(0, messages.size),
      },
      recipients: {
        lo: recipients.lo.slice(0, recipients.size),
        hi: recipients.hi.slice(0, recipients.size),
        message: this.owner.slice(0, recipients.size),
        seen: this.seen.slice(0, recipients.size),
      },
    };
  }

  /**
   * A message is delivered when all its final recipients are, partly delivered when some are, pending when one still
   * waits and none was delivered, failed when all failed. Expanded groups and replaced addresses are not final.
   */
  outcomes(): Outcomes {
    const size = this.messages.size;
    const reached = new Uint8Array(size);
    const totals = { delivered: 0, failed: 0, pending: 0, expanded: 0 };
    for (let at = 0; at < this.recipients.size; at++) {
      const seen = this.seen[at] ?? 0;
      if (seen & RECIPIENT.expanded) totals.expanded++;
      const outcome = outcomeOf(seen);
      if (outcome === undefined) continue;
      totals[outcome]++;
      const owner = this.owner[at] ?? 0;
      reached[owner] = (reached[owner] ?? 0) | REACHED[outcome];
    }
    const result = { delivered: 0, partlyDelivered: 0, delayedThenDelivered: 0, failed: 0, pending: 0 };
    const latencies = new Float64Array(size);
    let timed = 0;
    for (let id = 0; id < size; id++) {
      const bits = reached[id] ?? 0;
      if (bits === REACHED.delivered) {
        result.delivered++;
        if (this.deferred[id]) result.delayedThenDelivered++;
      } else if (bits & REACHED.delivered) result.partlyDelivered++;
      else if (bits & REACHED.pending) result.pending++;
      else if (bits & REACHED.failed) result.failed++;
      const seconds = ((this.last[id] ?? 0) - (this.first[id] ?? 0)) / 1000;
      // A message that is first seen when it is delivered tells nothing of the time before.
      if (seconds > 0 && Number.isFinite(seconds)) latencies[timed++] = seconds;
    }
    return { messages: size, ...result, recipients: totals, latencies: latencies.subarray(0, timed).sort() };
  }

  private mark(message: number, lo: number, hi: number, bits: number): void {
    const id = this.recipients.add(lo, hi);
    if (id >= this.owner.length) {
      this.owner = grown(this.owner);
      const seen = new Uint8Array(this.owner.length);
      seen.set(this.seen);
      this.seen = seen;
    }
    this.owner[id] = message;
    this.seen[id] = (this.seen[id] ?? 0) | bits;
  }

  private growMessages(): void {
    const room = roomier(this.first.length);
    const [first, last, deferred] = [new Float64Array(room), new Float64Array(room), new Uint8Array(room)];
    first.set(this.first);
    last.set(this.last);
    deferred.set(this.deferred);
    [this.first, this.last, this.deferred] = [first, last, deferred];
  }
}

const REACHED = { delivered: 1, failed: 2, pending: 4 } as const;

/** What became of a recipient; undefined when it is not a final one. A delivery outweighs what went wrong before it. */
function outcomeOf(seen: number): keyof typeof REACHED | undefined {
  if (seen & RECIPIENT.delivered) return 'delivered';
  if (seen & (RECIPIENT.expanded | RECIPIENT.replaced)) return undefined;
  if (seen & RECIPIENT.failed) return 'failed';
  if (seen & RECIPIENT.deferred) return 'pending';
  if (seen & (RECIPIENT.dropped | RECIPIENT.handedOver)) return undefined;
  return 'pending';
}
