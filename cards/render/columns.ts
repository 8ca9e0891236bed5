import stringWidth from 'string-width';

/** Characters that always take one column and one UTF-16 unit: ASCII, Latin, dashes, arrows, pictures of controls. */
const NARROW = /^[\u0020-\u007e\u00a0-\u02ff\u2010-\u2027\u203a\u2190-\u21ff\u2400-\u2421\u2713\u2717\u2588\u2591]*$/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a terminal uses for the text; the narrow characters that nearly all text is made of are only counted. */
export function columnsOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** The text in at most `width` columns, cut between graphemes; `…` says that something is missing. */
export function cutToColumns(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  if (width < 1) return '';
  return `${breakColumns(text, width - 1, width - 1)[0] ?? ''}…`;
}

/** The text in parts of at most `width` columns, the first of at most `first`; one grapheme is never split. */
export function breakColumns(text: string, width: number, first: number): string[] {
  const parts: string[] = [];
  if (NARROW.test(text)) {
    parts.push(text.slice(0, first));
    for (let at = first; at < text.length; at += width) parts.push(text.slice(at, at + width));
    return parts.filter((part) => part !== '');
  }
  const known = new Map<string, number>();
  let part = '';
  let used = 0;
  let room = first;
  for (const { segment } of graphemes.segment(text)) {
    const wide = known.get(segment) ?? columnsOf(segment);
    if (known.size < 1000) known.set(segment, wide);
    if (used + wide > room && part !== '') {
      parts.push(part);
      part = '';
      used = 0;
      room = width;
    }
    part += segment;
    used += wide;
  }
  return part === '' ? parts : [...parts, part];
}
