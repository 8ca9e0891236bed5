import type { CardBlock, Span, StageRow, Text } from '../card.ts';
import type { AdaptiveElement, TextRun } from './adaptive-card-types.ts';
import { spansOf } from './spans.ts';
import { keepTogether, STAGE_ARROW, stageWords } from './stage-words.ts';

/** Look of the runs of one text, over the style of each run. */
export type Look = Pick<TextRun, 'weight' | 'size' | 'isSubtle' | 'color'>;

/** Runs of a fitted text. Teams parses no Markdown in a TextRun. */
export function textRuns(text: Text, look: Look = {}): TextRun[] {
  return spansOf(text).map((span) => ({
    type: 'TextRun',
    text: span.text,
    ...look,
    ...(span.style === 'bold' ? { weight: 'Bolder' as const } : {}),
    ...(span.style === 'muted' ? { isSubtle: true as const } : {}),
    ...(span.style === 'code' ? { fontType: 'Monospace' as const } : {}),
    ...(span.url === undefined ? {} : { selectAction: { type: 'Action.OpenUrl' as const, url: span.url } }),
  }));
}

/**
 * One RichTextBlock a line: whether a line end inside a run is drawn differs between the clients
 * (microsoft/AdaptiveCards issues 4914, 8921).
 */
export function textLines(text: Text, look: Look = {}): AdaptiveElement[] {
  const lines: TextRun[][] = [[]];
  for (const run of textRuns(text, look)) {
    run.text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ ...run, text: part });
    });
  }
  return lines
    .filter((inlines) => inlines.length > 0)
    .map((inlines, index) => ({
      type: 'RichTextBlock',
      inlines,
      ...(index === 0 ? {} : { spacing: 'None' as const }),
    }));
}

/** What to do, each step beside its number so that wrapped lines hang. */
export function numberedSteps(steps: Span[][]): AdaptiveElement[] {
  return steps.map((step, index) => ({
    type: 'ColumnSet',
    spacing: index === 0 ? 'Medium' : 'Small',
    columns: [
      { type: 'Column', width: 'auto', items: textLines(`${index + 1}`, { weight: 'Bolder' }) },
      { type: 'Column', width: 'stretch', items: textLines(step) },
    ],
  }));
}

/** The elements of one fitted block. */
export function evidenceElements(block: CardBlock): AdaptiveElement[] {
  switch (block.type) {
    case 'text':
      return textLines(block.text);
    case 'facts':
      return block.facts.map(({ label, value }, index) => ({
        type: 'ColumnSet',
        spacing: index === 0 ? 'Medium' : 'Small',
        columns: [
          { type: 'Column', width: 1, items: textLines(label, { isSubtle: true }) },
          { type: 'Column', width: 3, items: textLines(value) },
        ],
      }));
    case 'stages':
      return block.rows.map((row, index) => stageElement(row, index));
    case 'table':
      return [...caption(block.caption), tableElement(block.columns, block.rows)];
    case 'code':
      return [
        ...caption(block.caption),
        { type: 'Container', style: 'emphasis', spacing: 'Small', items: codeLines(block.text) },
      ];
  }
}

function stageElement(row: StageRow, index: number): AdaptiveElement {
  const inlines = stageWords(row)
    .map(keepTogether)
    .flatMap((word, at): TextRun[] => {
      const stage: TextRun = { type: 'TextRun', text: word, ...stageLook(row.stages[at]?.state ?? 'ok') };
      return at === 0 ? [stage] : [{ type: 'TextRun', text: STAGE_ARROW }, stage];
    });
  if (row.note !== undefined) inlines.push({ type: 'TextRun', text: ` ${row.note}`, isSubtle: true });
  // One below the other: side by side, a phone breaks the name of the host.
  return {
    type: 'Container',
    spacing: index === 0 ? 'Medium' : 'Small',
    items: [
      ...textLines(row.label, { weight: 'Bolder' }),
      ...(inlines.length === 0 ? [] : [{ type: 'RichTextBlock' as const, inlines, spacing: 'None' as const }]),
    ],
  };
}

function stageLook(state: StageRow['stages'][number]['state']): Partial<TextRun> {
  switch (state) {
    case 'ok':
      return {};
    case 'failed':
      return { weight: 'Bolder', color: 'Attention' };
    case 'degraded':
      return { weight: 'Bolder', color: 'Warning' };
    case 'running':
      return { weight: 'Bolder', color: 'Accent' };
  }
}

function tableElement(columns: string[], rows: string[][]): AdaptiveElement {
  const row = (cells: string[], look: Look) => ({
    type: 'TableRow' as const,
    cells: cells.map((cell) => ({ type: 'TableCell' as const, items: textLines(cell, look) })),
  });
  return {
    type: 'Table',
    spacing: 'Small',
    columns: columns.map((column, at) => ({ width: columnWeight([column, ...rows.map((each) => each[at] ?? '')]) })),
    firstRowAsHeaders: true,
    showGridLines: false,
    rows: [row(columns, { weight: 'Bolder' }), ...rows.map((each) => row(each, {}))],
  };
}

/** Columns share the width by their longest cell, in five steps. */
function columnWeight(cells: string[]): number {
  return Math.min(5, Math.max(1, Math.ceil(Math.max(...cells.map((cell) => cell.length)) / 10)));
}

/** Blanks are kept as U+00A0: HTML would join them and columns would not line up. */
function codeLines(text: string): AdaptiveElement[] {
  return text.split('\n').map((line, index) => ({
    type: 'RichTextBlock',
    inlines: [
      {
        type: 'TextRun',
        text: line.replace(/ {2,}|^ /g, (blanks) => '\u00a0'.repeat(blanks.length)) || '\u00a0',
        fontType: 'Monospace',
        size: 'Small',
      },
    ],
    ...(index === 0 ? {} : { spacing: 'None' as const }),
  }));
}

function caption(text: string | undefined): AdaptiveElement[] {
  return text === undefined ? [] : textLines(text, { weight: 'Bolder' });
}
