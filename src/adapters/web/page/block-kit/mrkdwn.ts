/** A run of text with its style, as Slack's mrkdwn means it. */
export interface Run {
  text: string;
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
  /** A block of preformatted text. */
  pre?: true;
  url?: string;
  /** `@here`, `#channel`, `@user`: shown as a mention. */
  mention?: true;
}

type Style = 'bold' | 'italic' | 'strike';

const STYLES: Record<string, Style> = { '*': 'bold', _: 'italic', '~': 'strike' };

/**
 * Reads the subset of mrkdwn that Slack documents for text objects: bold, italic, strike, code, preformatted, links,
 * mentions and the three entities. Linear in the length of the text: a mark without partner is looked for only once.
 */
export function parseMrkdwn(text: string): Run[] {
  const runs: Run[] = [];
  readRuns(text, {}, runs);
  return joinPlain(runs);
}

function readRuns(text: string, style: Partial<Record<Style, true>>, runs: Run[]): void {
  const hopeless = new Set<string>();
  let plain = '';
  let at = 0;
  const flush = (): void => {
    if (plain !== '') runs.push({ ...style, text: decodeEntities(plain) });
    plain = '';
  };
  const closing = (mark: string, from: number): number => {
    if (hopeless.has(mark)) return -1;
    const end = closingMark(text, mark, from);
    if (end === -1) hopeless.add(mark);
    return end;
  };

  while (at < text.length) {
    const char = text.charAt(at);
    if (text.startsWith('```', at)) {
      const end = closing('```', at + 3);
      if (end !== -1) {
        flush();
        runs.push({ text: decodeEntities(text.slice(at + 3, end).replace(/^\n/, '')), pre: true });
        at = end + 3;
        continue;
      }
    } else if (char === '`') {
      const end = closing('`', at + 1);
      if (end > at + 1) {
        flush();
        runs.push({ ...style, text: decodeEntities(text.slice(at + 1, end)), code: true });
        at = end + 1;
        continue;
      }
    } else if (char === '<') {
      const end = closing('>', at + 1);
      if (end !== -1) {
        flush();
        runs.push({ ...style, ...angleRun(text.slice(at + 1, end)) });
        at = end + 1;
        continue;
      }
    } else if (STYLES[char] !== undefined && !(STYLES[char] in style) && opensAt(text, at)) {
      const end = closing(char, at + 1);
      if (end > at + 1) {
        flush();
        readRuns(text.slice(at + 1, end), { ...style, [STYLES[char]]: true }, runs);
        at = end + 1;
        continue;
      }
    }
    plain += char;
    at += 1;
  }
  flush();
}

/** A style opens at a word's edge and before a character that is not a space. */
function opensAt(text: string, at: number): boolean {
  return /[\s\p{P}\p{S}]|^$/u.test(text.charAt(at - 1)) && /\S/.test(text.charAt(at + 1));
}

/** Where the partner of a mark stands, or -1. Style marks close at a word's edge on the same line. */
function closingMark(text: string, mark: string, from: number): number {
  if (STYLES[mark] === undefined) return text.indexOf(mark, from);
  for (let at = from; at < text.length && text.charAt(at) !== '\n'; at += 1) {
    if (text.charAt(at) !== mark || /\s/.test(text.charAt(at - 1))) continue;
    if (/[\s\p{P}\p{S}]|^$/u.test(text.charAt(at + 1))) return at;
  }
  return -1;
}

/** What stands between angle brackets: a link, or a mention that is only shown here. */
function angleRun(inner: string): Run {
  const bar = inner.indexOf('|');
  const target = decodeEntities(bar === -1 ? inner : inner.slice(0, bar));
  const label = decodeEntities(bar === -1 ? '' : inner.slice(bar + 1));
  if (target.startsWith('!')) return { text: `@${label || target.slice(1).split('^')[0]}`, mention: true };
  if (target.startsWith('@')) return { text: `@${label || target.slice(1)}`, mention: true };
  if (target.startsWith('#')) return { text: `#${label || target.slice(1)}`, mention: true };
  return { text: label || target, url: target };
}

function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function joinPlain(runs: Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && Object.keys(last).length === 1 && Object.keys(run).length === 1) last.text += run.text;
    else joined.push(run);
  }
  return joined;
}
