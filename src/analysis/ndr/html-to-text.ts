const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
};

/**
 * The words of an HTML bounce: blocks and breaks become lines, everything else is dropped. Not a sanitizer: the result is
 * read by parsers and never drawn as HTML.
 */
export function htmlToText(html: string): string {
  return html
    .slice(0, 300_000)
    .replace(/<(?:style|script)\b[^>]{0,500}>[^<]{0,50000}<\/(?:style|script)>/gi, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/h[1-6]|\/li|p|div|tr|hr)\b[^<>]{0,2000}>/gi, '\n')
    .replace(/<\/?[a-z!][^<>]{0,2000}>/gi, '')
    .replace(/&(#?\w{1,8});/g, (whole, name: string) => ENTITIES[name] ?? decodeNumber(name) ?? whole)
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function decodeNumber(name: string): string | undefined {
  const code = /^#x/i.test(name)
    ? Number.parseInt(name.slice(2), 16)
    : name.startsWith('#')
      ? Number(name.slice(1))
      : Number.NaN;
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
