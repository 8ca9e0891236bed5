import stringWidth from 'string-width';
import type { Card, CardAction, CardState, Span } from '../card.ts';
import { sayList } from '../say.ts';
import { cleanLine } from './escape.ts';
import { SANDBOX_NOTE } from './last-line.ts';
import { stateMark } from './signs.ts';
import { blockLines, cleanSpans, type Pen, terminalLine } from './text-blocks.ts';
import { createColours } from './text-colour.ts';
import { rebreak, unbroken, wrapSpans } from './text-wrap.ts';

/** How a terminal wants its text. */
export interface TextOptions {
  /** Columns; lines are wrapped to it. Default 100, at least 40. */
  width?: number;
  /** Draw with ANSI colour. Default false. */
  colour?: boolean;
  /** Print the folds too. Default false. */
  verbose?: boolean;
}

/** Command lines that are worth a hint under an answer. */
const MAX_HINTS = 3;

/** The card as text for a terminal, ending with a line end. No byte of a remote server can move the cursor. */
export function renderText(card: Card, options: TextOptions = {}): string {
  const width = Math.max(40, options.width ?? 100);
  const colours = createColours(options.colour === true);
  const pen: Pen = { width: width - 2, paint: colours.span, mark: colours.stage };
  const details = options.verbose === true ? (card.details ?? []) : [];
  const parts = [
    [...titleLines(card, width, colours.state), ...lead(card, pen)],
    steps(card, pen),
    ...(card.blocks ?? []).map((block) => indent(blockLines(block, pen))),
    ...details.flatMap((detail) => [
      [`  ${colours.span(`── ${cleanLine(detail.title, 100)} ──`, 'bold')}`],
      ...detail.blocks.map((block) => indent(blockLines(block, pen))),
    ]),
    closing(card, options.verbose === true, pen),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`;
}

/** State, title and, where the line has room for it, the small print at its right end. */
function titleLines(card: Card, width: number, paint: (text: string, state: CardState) => string): string[] {
  const mark = stateMark(card.state);
  const title = cleanSpans(card.title).map((span): Span => ({ ...span, text: span.text.replace(/\s+/g, ' ') }));
  const bold = wrapSpans(title, width - stringWidth(mark), (text) => paint(text, card.state));
  const [first = '', ...rest] = bold;
  const lines = [`${paint(mark, card.state)}${first}`, ...rest.map((line) => `  ${line}`)];
  const meta = cleanLine(card.meta ?? '', 250);
  if (meta === '') return lines;
  const room = width - stringWidth(lines[0] ?? '') - stringWidth(meta);
  if (rest.length === 0 && room >= 4) return [`${lines[0]}${' '.repeat(room)}${meta}`];
  return [...lines, ...wrapSpans([{ text: meta }], width - 2, (text) => text).map((line) => `  ${line}`)];
}

function lead(card: Card, pen: Pen): string[] {
  const sandbox: Span[] = card.sandbox === true ? [{ text: SANDBOX_NOTE, style: 'muted' }] : [];
  return indent([
    ...wrapSpans(sandbox, pen.width, pen.paint),
    ...(card.owner === undefined ? [] : wrapSpans(cleanSpans(card.owner), pen.width, pen.paint)),
  ]);
}

function steps(card: Card, pen: Pen): string[] {
  const all = card.steps ?? [];
  const column = String(all.length).length + 1;
  return all.flatMap((step, index) =>
    wrapSpans(cleanSpans(step), pen.width - column, pen.paint).map((line, at) =>
      at === 0 ? `  ${String(index + 1).padStart(column - 1)} ${line}` : `  ${' '.repeat(column)}${line}`,
    ),
  );
}

function closing(card: Card, verbose: boolean, pen: Pen): string[] {
  const links = (card.actions ?? []).flatMap((action) => (action.type === 'link' ? [linkSpan(action)] : []));
  const lines = (card.actions ?? [])
    .flatMap((action) => (action.type === 'run' && isPlain(action.line) ? [terminalLine(action.line)] : []))
    .slice(0, MAX_HINTS);
  const folds = (card.details ?? []).map((detail) => lowerFirst(cleanLine(detail.title, 60)));
  const files = (card.files ?? []).map((file) => cleanLine(file.name, 100));
  const hints: Span[][] = [
    ...links.map((span) => cleanSpans([span])),
    ...(lines.length === 0
      ? []
      : [[{ text: `Next: ${lines.map(unbroken).join(' · ')}`, style: 'muted' } satisfies Span]]),
    ...(verbose || folds.length === 0
      ? []
      : [[{ text: `--verbose shows ${sayList(folds)}`, style: 'muted' } satisfies Span]]),
    ...(files.length === 0 ? [] : [[{ text: `With files: ${files.join(', ')}`, style: 'muted' } satisfies Span]]),
    ...(card.footer === undefined ? [] : [cleanSpans(card.footer)]),
  ];
  return indent(hints.flatMap((hint) => wrapSpans(hint, pen.width, pen.paint))).map(rebreak);
}

/** A line that a shell takes as it stands: a peer's words in a line to copy could be a command. */
function isPlain(line: string): boolean {
  return /^[\p{L}\p{N} @.:/_+=,[\]-]{1,160}$/u.test(line);
}

function linkSpan(action: CardAction & { type: 'link' }): Span {
  return { text: action.label, url: action.url };
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** A title inside a sentence; an abbreviation such as MX keeps its capitals. */
function lowerFirst(title: string): string {
  return title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}
