import type { CardBlock, Span, StageRow } from '../card.ts';
import { columnsOf } from './columns.ts';
import { cleanLine, cleanText, safeUrl } from './escape.ts';
import { spansOf } from './spans.ts';
import { STAGE_ARROW, stageWords } from './stage-words.ts';
import { textTable } from './text-table.ts';
import { type Paint, type Run, rebreak, unbroken, wrapSpans } from './text-wrap.ts';

/** Longest string that is printed; a report holds nothing longer unless a peer is at play. */
const MAX_TEXT = 200_000;

type StageState = StageRow['stages'][number]['state'];

/** How blocks are drawn: columns to use and how style becomes colour. */
export interface Pen {
  width: number;
  paint: Paint;
  /** Paints a stage that broke or is doubtful. */
  mark: (text: string, state: StageState) => string;
}

/** `/probe contoso.example` is typed as `mailmedic probe contoso.example` in a terminal. */
export function terminalLine(line: string): string {
  const words = cleanLine(line, 1500).replace(/^\//, '');
  return words.startsWith('mailmedic ') ? words : `mailmedic ${words}`;
}

/** Clean runs; a link shows its URL, as a terminal has nothing to press, and a command is written as it is typed here. */
export function cleanSpans(text: string | Span[]): Span[] {
  return spansOf(text).map((span) => {
    const command = span.style === 'code' && /^\/[a-z]/.test(span.text);
    const shown = command ? terminalLine(span.text) : cleanText(span.text, MAX_TEXT);
    const url = span.url === undefined ? undefined : (safeUrl(span.url) ?? cleanLine(span.url, 500));
    return { ...span, text: url === undefined || url === '' || url === shown ? shown : `${shown} (${url})` };
  });
}

/** The lines of one block, without indentation. */
export function blockLines(block: CardBlock, pen: Pen): string[] {
  switch (block.type) {
    case 'text':
      return wrapSpans(cleanSpans(block.text), pen.width, pen.paint);
    case 'facts':
      return factLines(block.facts, pen);
    case 'stages':
      return stageLines(block.rows, pen);
    case 'table': {
      const clean = (row: string[]) => row.map((cell) => cleanLine(cell, 1000));
      const lines = textTable(clean(block.columns), block.rows.map(clean), pen.width).split('\n');
      const [head = '', ...rows] = lines;
      return [...caption(block.caption, pen), pen.paint(head, 'muted'), ...rows];
    }
    case 'code':
      return [
        ...caption(block.caption, pen),
        ...cleanText(block.text, MAX_TEXT)
          .replace(/\n+$/, '')
          .split('\n')
          .flatMap((line) => (block.copy === true ? [line] : hardWrap(line, pen)))
          .map((line) => `  ${line}`),
      ];
  }
}

function caption(text: string | undefined, pen: Pen): string[] {
  return text === undefined ? [] : wrapSpans([{ text: cleanLine(text, 300), style: 'bold' }], pen.width, pen.paint);
}

/** Monospaced lines keep their blanks; what is too wide goes on below. */
function hardWrap(line: string, pen: Pen): string[] {
  const room = Math.max(8, pen.width - 2);
  if (columnsOf(line) <= room) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  return wrapSpans([{ text: line }], room - indent.length, (text) => text).map((part) => indent + part);
}

function factLines(facts: { label: string; value: string | Span[] }[], pen: Pen): string[] {
  const labels = facts.map(({ label }) => cleanLine(label, 60));
  const widest = Math.max(0, ...labels.map((label) => columnsOf(label)));
  const column = Math.min(widest, Math.floor(pen.width * 0.4));
  return facts.flatMap(({ value }, index) => {
    const label = labels[index] ?? '';
    const blanks = ' '.repeat(Math.max(0, column - columnsOf(label)) + 2);
    const [first = '–', ...rest] = wrapSpans(cleanSpans(value), pen.width - column - 2, pen.paint);
    const hanging = rest.map((line) => `${' '.repeat(column + 2)}${line}`);
    const head = pen.paint(label, 'muted');
    if (columnsOf(label) > column) return [head, `${' '.repeat(column + 2)}${first}`, ...hanging];
    return [`${head}${blanks}${first}`, ...hanging];
  });
}

/** Rows share one column for their labels; on a narrow terminal the stages go below the label. */
function stageLines(rows: StageRow[], pen: Pen): string[] {
  const labels = rows.map((row) => cleanLine(row.label, 120));
  const column = Math.max(0, ...labels.map((label) => columnsOf(label)));
  const beside = column + 3 + 40 <= pen.width;
  const width = beside ? pen.width - column - 3 : pen.width - 2;
  return rows.flatMap((row, index) => {
    const label = labels[index] ?? '';
    const lines = stageRowLines(row, width, pen);
    if (!beside) return [label, ...lines.map((line) => `  ${line}`)];
    const blanks = ' '.repeat(column - columnsOf(label) + 3);
    return lines.map((line, at) => (at === 0 ? `${label}${blanks}${line}` : `${' '.repeat(column + 3)}${line}`));
  });
}

/** A stage and its time never stand on two lines. */
function stageRowLines(row: StageRow, width: number, pen: Pen): string[] {
  const runs = stageWords(row).flatMap((word, at): Run<StageState>[] => {
    const stage = { text: unbroken(cleanLine(word, 80)), style: row.stages[at]?.state };
    // The arrow stays with the stage before it, so that no line begins with one.
    return at === 0 ? [stage] : [{ text: STAGE_ARROW.replace(' ', '\u00a0') }, stage];
  });
  if (row.note !== undefined) runs.push({ text: ` ${cleanLine(row.note, 240)}` });
  const lines = wrapSpans(runs, width, (text, state) => pen.mark(text, state ?? 'ok')).map(rebreak);
  return lines.length === 0 ? ['–'] : lines;
}
