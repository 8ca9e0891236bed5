const MAX_LENGTH = 80;

/** Something a stranger wrote, in quotes, on one line and short enough to stand in a sentence. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const cut = [...line.slice(0, 4 * MAX_LENGTH)];
  return cut.length > MAX_LENGTH ? `"${cut.slice(0, MAX_LENGTH).join('')}…"` : `"${cut.join('')}"`;
}
