/** Characters of folded text that the text rules look at. */
const MAX_FOLDED = 3000;

const QUOTES = /[\u2018\u2019\u201b\u0060\u00b4]/g;

/**
 * Text made even for the text rules: lower case, accents removed (as people type them without), `ß` as `ss`, any run of
 * white space or underscores (qmail logs) as one space.
 */
export function fold(text: string): string {
  const bounded = text.length > MAX_FOLDED ? text.slice(0, MAX_FOLDED) : text;
  const lower = bounded.toLowerCase().replace(/[\s_]+/g, ' ');
  if (isAscii(lower)) return lower;
  return lower
    .replace(QUOTES, "'")
    .replace(/\u00df/g, 'ss')
    .normalize('NFD')
    .replace(/([a-z])[\u0300-\u036f]+/g, '$1')
    .normalize('NFC');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 126) return false;
  return true;
}
