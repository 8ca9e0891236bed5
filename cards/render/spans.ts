import type { Span, Text } from '../card.ts';
import { safeUrl } from './escape.ts';

/** A text as runs; a plain string is one run without style. */
export function spansOf(text: Text): Span[] {
  return typeof text === 'string' ? [{ text }] : text;
}

/**
 * A run whose link is honest: an unsafe URL becomes text behind the label, and a label that looks like another
 * address than the one it leads to is replaced by that address.
 */
export function honestSpan(span: Span): Span {
  if (span.url === undefined) return span;
  const { url: raw, ...rest } = span;
  const url = safeUrl(raw);
  if (url === undefined) return raw === span.text ? rest : { ...rest, text: `${span.text} (${raw})` };
  const pretends = /^\s*(?:https?:|www\.|[\w-]+(?:\.[\w-]+)+(?:\/|\s*$))/i.test(span.text) && span.text.trim() !== raw;
  return pretends ? { ...rest, text: url, url } : { ...rest, url };
}
