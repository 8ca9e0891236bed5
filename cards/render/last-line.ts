import type { Span } from '../card.ts';
import { cut } from './escape.ts';
import type { FittedCard } from './fit-card.ts';

/** Says on every sandbox answer that no real server was asked. */
export const SANDBOX_NOTE = 'sandbox: only the built-in servers under sandbox.test';

/** The last line of a drawn card: its footer, what can be typed instead of pressed, and where the rest is. */
export function lastLine(fitted: FittedCard, hints: string[], shortened: boolean): Span[] {
  const parts: Span[][] = [];
  if (fitted.footer.length > 0) parts.push(fitted.footer);
  if (hints.length > 0) parts.push([{ text: cut(`Also: ${hints.join(' · ')}`, 500) }]);
  if (shortened) parts.push([{ text: 'Shortened here; the whole answer is in the attached file.' }]);
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: '\n' }, ...part]));
}
