/** A word of a command line and where it stands, so that the rest can be taken as it was typed. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

/** Splits like a shell without its expansions: spaces separate, single and double quotes hold together. Never throws. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    while (at < line.length && isSpace(line[at])) at += 1;
    if (at >= line.length) break;
    const start = at;
    let text = '';
    while (at < line.length && !isSpace(line[at])) {
      const quote = line[at];
      const close = quote === '"' || quote === "'" ? line.indexOf(quote, at + 1) : -1;
      if (close > at) {
        text += line.slice(at + 1, close);
        at = close + 1;
      } else {
        text += quote;
        at += 1;
      }
    }
    tokens.push({ text, start, end: at });
  }
  return tokens;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}
