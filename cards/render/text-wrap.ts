import type { Span } from '../card.ts';
import { breakColumns, columnsOf } from './columns.ts';

/** Draws a piece of text with its style, for instance in colour. */
export type Paint<Style = Span['style']> = (text: string, style: Style | undefined) => string;

/** A run of text with a style of any kind. */
export interface Run<Style> {
  text: string;
  style?: Style | undefined;
}

/** Words that must stay on one line: blanks that do not break (U+00A0), to be undone with {@link rebreak}. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** Blanks again, after wrapping. */
export function rebreak(line: string): string {
  return line.replaceAll('\u00a0', ' ');
}

/**
 * Runs of text on lines of at most `width` columns, broken at blanks and, where a word is longer than a line, between
 * characters. Line ends in the text are kept. Width is counted as a terminal draws it (East Asian wide, emoji).
 */
export function wrapSpans<Style>(runs: readonly Run<Style>[], width: number, paint: Paint<Style>): string[] {
  const room = Math.max(width, 8);
  const lines: Run<Style>[][] = [];
  let line: Run<Style>[] = [];
  let used = 0;
  let blank: Run<Style> | undefined;
  function end() {
    lines.push(line);
    line = [];
    used = 0;
    blank = undefined;
  }
  for (const word of wordsOf(runs)) {
    const [first] = word;
    if (first === undefined) continue;
    if (first.text === '\n') end();
    else if (first.text === ' ') blank = used > 0 ? first : undefined;
    else {
      const size = word.reduce((sum, piece) => sum + columnsOf(piece.text), 0);
      if (used > 0 && used + (blank === undefined ? 0 : 1) + size > room) end();
      if (blank !== undefined) {
        line.push(blank);
        used += 1;
        blank = undefined;
      }
      for (const piece of word) {
        for (const text of breakUp(piece.text, room, room - used)) {
          const wide = columnsOf(text);
          if (used > 0 && used + wide > room) end();
          line.push({ text, style: piece.style });
          used += wide;
        }
      }
    }
  }
  if (line.length > 0) end();
  return lines.map((pieces) => paintLine(pieces, paint));
}

/** Neighbours of one style are painted as one, so that a search in coloured output still finds whole phrases. */
function paintLine<Style>(pieces: Run<Style>[], paint: Paint<Style>): string {
  let painted = '';
  let text = '';
  pieces.forEach((piece, index) => {
    text += piece.text;
    const next = pieces[index + 1];
    if (next !== undefined && next.style === piece.style) return;
    painted += paint(text, piece.style);
    text = '';
  });
  return painted;
}

/** Words, blanks and line ends; a word may hold pieces of several runs when no blank stands between them. */
function wordsOf<Style>(runs: readonly Run<Style>[]): Run<Style>[][] {
  const words: Run<Style>[][] = [];
  let word: Run<Style>[] = [];
  for (const { text, style } of runs) {
    for (const token of text.match(/\n|[ \t]+|[^ \t\n]+/g) ?? []) {
      if (/^[ \t\n]/.test(token)) {
        words.push(word, [{ text: token === '\n' ? '\n' : ' ', style }]);
        word = [];
      } else word.push({ text: token, style });
    }
  }
  return [...words, word];
}

/** A word that is wider than a line: its first part fills what is left of the current one. */
function breakUp(text: string, room: number, left: number): string[] {
  return columnsOf(text) <= room ? [text] : breakColumns(text, room, left > 0 ? left : room);
}
