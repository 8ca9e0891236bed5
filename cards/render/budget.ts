import type { Span, Text } from '../card.ts';
import { cut, displayLine, displayText } from './escape.ts';
import { honestSpan, spansOf } from './spans.ts';

/** Hands out room for text. Everything taken is clean, neutral and inside the room that is left. */
export interface Budget {
  /** One line. */
  line(text: string, max: number): string;
  /** Text with line ends. */
  text(text: string, max: number): string;
  /** Runs of styled text; empty runs are left out. */
  spans(text: Text, max: number): Span[];
  /** Says that something was left out by the caller. */
  shorten(): void;
  readonly left: number;
  /** Something did not fit. */
  readonly shortened: boolean;
}

/** A budget of `chars` UTF-16 units. */
export function createBudget(chars: number): Budget {
  let left = chars;
  let shortened = false;
  function take(text: string, max: number, display: (text: string, max: number) => string): string {
    // A little more than fits is enough to see that it does not; of much more only the beginning is read.
    const full = display(text, max + 64);
    const taken = cut(full, Math.min(max, Math.max(0, left)));
    if (taken !== full || text.length > max * 4) shortened = true;
    left -= taken.length;
    return taken;
  }
  const line = (text: string, max: number) => take(text, max, displayLine);
  const multi = (text: string, max: number) => take(text, max, displayText);
  return {
    line,
    text: multi,
    spans(text, max) {
      let room = max;
      const taken: Span[] = [];
      for (const span of spansOf(text).map(honestSpan)) {
        const part = multi(span.text, room);
        room -= part.length;
        if (part !== '') taken.push({ ...span, text: part });
      }
      return taken;
    },
    shorten() {
      shortened = true;
    },
    get left() {
      return left;
    },
    get shortened() {
      return shortened;
    },
  };
}
