/** Longest foreign text that a report carries; SPF and DMARC records that work are shorter. */
const MAX_TEXT = 2000;

/** Foreign text of bounded length, cut on a character boundary. */
export function clip(text: string, max = MAX_TEXT): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  // A lone high surrogate would be half a character.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
