import type { Stage } from '../../vocabulary.ts';
import { ReplyParser } from './reply-parser.ts';
import { ODDITY_WORDS, type SessionOptions } from './session-options.ts';
import type { ReplyWaiter } from './smtp-client-internals.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** Characters of a line that is no reply, as it is shown. */
const SHOWN = 120;

/** A command that waits for its reply. */
export interface Pending extends ReplyWaiter {
  stage: Stage;
  /** On the scale of the clock. */
  sentAt: number;
}

/** What the reader tells the session. */
export interface ReaderEvents {
  /** A reply that was asked for has come; what waits next, if anything does. */
  onAnswered: (next: Pending | undefined) => void;
  /** Nothing sensible can follow. */
  onBroken: (reason: 'malformed-reply' | 'reply-too-long', detail: string) => void;
}

type Options = Pick<SessionOptions, 'clock' | 'transcript' | 'onNote' | 'onTiming'>;

/** Reads what one peer says and hands each reply to the command that waits for it, in order (RFC 2920 3.2). */
export class ReplyReader {
  /** Commands without a reply yet, the next one first. */
  readonly waiting: Pending[] = [];
  /** Replies that nobody asked for since something was last sent. */
  unsolicited = 0;
  /** The same since commands were last sent together, without the 421 of a server that takes its leave. */
  surplus = 0;
  /** That 421 (RFC 5321 3.8). */
  goodbye: SmtpReply | undefined;
  /** Takes secrets out of what the peer says, should it repeat them. */
  conceal: ((text: string) => string) | undefined;
  private readonly parser = new ReplyParser();
  private readonly options: Options;
  private readonly events: ReaderEvents;
  /** When the first byte of the reply that is being read came. */
  private began = 0;

  constructor(options: Options, events: ReaderEvents) {
    this.options = options;
    this.events = events;
  }

  /** True when something was said that no command has asked for or that is no whole reply yet. */
  get saidMore(): boolean {
    return this.parser.pending || this.unsolicited > 0;
  }

  /** Puts a command last in the line. */
  expect(stage: Stage, waiter: ReplyWaiter): void {
    const { resolve, reject } = waiter;
    this.waiting.push({ resolve, reject, stage, sentAt: this.options.clock.elapsed() });
  }

  push(chunk: string): void {
    const now = this.options.clock.elapsed();
    if (!this.parser.pending) this.began = now;
    for (const event of this.parser.push(chunk)) {
      if (event.type === 'line') this.options.transcript.server(this.hide(event.line));
      else if (event.type === 'oddity') this.options.onNote(`The server ${ODDITY_WORDS[event.oddity]}.`);
      else if (event.type === 'broken') this.events.onBroken(event.reason, this.hide(event.detail).slice(0, SHOWN));
      else {
        this.onReply(event.reply, now);
        this.began = now;
      }
    }
  }

  private hide(text: string): string {
    return this.conceal === undefined ? text : this.conceal(text);
  }

  private onReply({ code, lines }: SmtpReply, now: number): void {
    const reply = { code, lines: this.conceal === undefined ? lines : lines.map(this.conceal) };
    const waiter = this.waiting.shift();
    if (waiter === undefined) {
      this.onUnsolicited(reply);
      return;
    }
    const { stage, sentAt } = waiter;
    this.events.onAnswered(this.waiting[0]);
    this.options.onTiming?.({ stage, code, firstMs: this.began - sentAt, lastMs: now - sentAt });
    waiter.resolve(reply);
  }

  private onUnsolicited(reply: SmtpReply): void {
    this.unsolicited += 1;
    if (reply.code === 421) {
      this.goodbye = reply;
      return;
    }
    this.surplus += 1;
    this.options.onNote('The server sends replies that nobody asked for.');
  }
}
