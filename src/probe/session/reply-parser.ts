import { LIMITS } from '../limits.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** Departures from RFC 5321 that can be understood all the same. */
export type ReplyOddity = 'bare-lf' | 'bare-cr' | 'nul' | '8-bit' | 'long-line' | 'mixed-codes';

/** What the parser makes of the bytes, in their order. */
export type ReplyEvent =
  | { type: 'line'; line: string }
  | { type: 'reply'; reply: SmtpReply }
  | { type: 'oddity'; oddity: ReplyOddity }
  /** Nothing sensible can follow: the parser stays silent from here on. */
  | { type: 'broken'; reason: 'malformed-reply' | 'reply-too-long'; detail: string };

/** RFC 5321 4.2: the first digit 2 to 5, the second 0 to 5; a line may be the code alone. */
const REPLY_LINE = /^([2-5][0-5]\d)(?:([ -]).*)?$/s;

/**
 * Bytes (as latin1 characters) in, events out, in order; how the bytes are cut into chunks makes no difference.
 * Holds at most one line and one reply within {@link LIMITS}; each byte is looked at once.
 */
export class ReplyParser {
  private rest = '';
  private lines: string[] = [];
  private bytes = 0;
  private total = 0;
  private broken = false;

  /** True when bytes are waiting that do not make a whole reply yet. */
  get pending(): boolean {
    return this.rest !== '' || this.lines.length > 0;
  }

  push(chunk: string): ReplyEvent[] {
    const events: ReplyEvent[] = [];
    let start = 0;
    while (!this.broken) {
      const end = chunk.indexOf('\n', start);
      if (end < 0) break;
      this.addLine(this.rest + chunk.slice(start, end), events);
      this.rest = '';
      start = end + 1;
    }
    if (this.broken) return events;
    this.rest += chunk.slice(start);
    // One more than the line may have: its CR is not counted.
    if (this.rest.length > LIMITS.lineBytes + 1) {
      this.breakOff(events, 'reply-too-long', `a line longer than ${LIMITS.lineBytes} bytes`);
    }
    return events;
  }

  private addLine(raw: string, events: ReplyEvent[]): void {
    this.total += raw.length + 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.length > LIMITS.lineBytes) {
      this.breakOff(events, 'reply-too-long', `a line longer than ${LIMITS.lineBytes} bytes`);
    } else if (this.total > LIMITS.sessionBytes) {
      this.breakOff(events, 'reply-too-long', `more than ${LIMITS.sessionBytes / 1024} KB in one session`);
    } else {
      events.push({ type: 'line', line });
      for (const oddity of odditiesOf(line, line === raw)) events.push({ type: 'oddity', oddity });
      this.addReplyLine(line, events);
    }
  }

  private addReplyLine(line: string, events: ReplyEvent[]): void {
    const match = REPLY_LINE.exec(line);
    const first = this.lines[0];
    this.bytes += line.length + 2;
    if (match === null) {
      this.breakOff(events, 'malformed-reply', line);
      return;
    }
    if (first !== undefined && !line.startsWith(first.slice(0, 3)))
      events.push({ type: 'oddity', oddity: 'mixed-codes' });
    this.lines.push(line);
    if (this.lines.length > LIMITS.replyLines || this.bytes > LIMITS.replyBytes) {
      this.breakOff(events, 'reply-too-long', `a reply of more than ${this.lines.length - 1} lines`);
    } else if (match[2] !== '-') {
      events.push({ type: 'reply', reply: { code: Number(match[1]), lines: this.lines } });
      this.lines = [];
      this.bytes = 0;
    }
  }

  private breakOff(events: ReplyEvent[], reason: 'malformed-reply' | 'reply-too-long', detail: string): void {
    this.broken = true;
    this.rest = '';
    this.lines = [];
    events.push({ type: 'broken', reason, detail });
  }
}

function odditiesOf(line: string, bareLf: boolean): ReplyOddity[] {
  const oddities: ReplyOddity[] = [];
  if (bareLf) oddities.push('bare-lf');
  if (line.includes('\r')) oddities.push('bare-cr');
  if (line.includes('\0')) oddities.push('nul');
  if (/[\x80-\xff]/.test(line)) oddities.push('8-bit');
  if (line.length > 510) oddities.push('long-line');
  return oddities;
}
