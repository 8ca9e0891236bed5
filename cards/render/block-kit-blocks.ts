import type { CardBlock, Span, StageRow } from '../card.ts';
import type { RichTextPart, RichTextRun, RichTextSection, SlackBlock } from './block-kit-types.ts';
import { spansOf } from './spans.ts';
import { keepTogether, STAGE_ARROW, stageWords } from './stage-words.ts';
import { textTable } from './text-table.ts';

/** Runs of the fitted card as rich_text runs. */
export function richRuns(spans: Span[], bold = false): RichTextRun[] {
  return spans.map((span): RichTextRun => {
    const style = {
      ...(bold || span.style === 'bold' ? { bold: true as const } : {}),
      ...(span.style === 'code' ? { code: true as const } : {}),
    };
    const styled = Object.keys(style).length === 0 ? {} : { style };
    return span.url === undefined
      ? { type: 'text', text: span.text, ...styled }
      : { type: 'link', url: span.url, text: span.text, ...styled };
  });
}

/** A paragraph of runs. */
export function richSection(runs: RichTextRun[]): RichTextSection {
  return { type: 'rich_text_section', elements: runs };
}

/**
 * The evidence of a card. Neighbours that are text share one rich_text block. Slack takes one table a message, so the
 * first becomes a table and the others are drawn in monospaced columns.
 */
export function evidenceBlocks(blocks: CardBlock[]): SlackBlock[] {
  const drawn: SlackBlock[] = [];
  let hasTable = false;
  for (const block of blocks) {
    if (block.type === 'table' && !hasTable) {
      hasTable = true;
      if (block.caption !== undefined) drawn.push(rich([heading(block.caption)]));
      const cells = (row: string[]) => row.map((text) => ({ type: 'raw_text' as const, text }));
      drawn.push({ type: 'table', rows: [cells(block.columns), ...block.rows.map(cells)] });
    } else {
      drawn.push(rich(richParts(block)));
    }
  }
  return drawn;
}

function richParts(block: CardBlock): RichTextPart[] {
  switch (block.type) {
    case 'text':
      return [richSection(richRuns(spansOf(block.text)))];
    case 'facts':
      return [
        richSection(
          block.facts.flatMap(({ label, value }, index) => [
            { type: 'text', text: `${index === 0 ? '' : '\n'}${label}  `, style: { bold: true } } as const,
            ...richRuns(spansOf(value)),
          ]),
        ),
      ];
    case 'stages':
      return [{ type: 'rich_text_list', style: 'bullet', elements: block.rows.map(stageSection) }];
    case 'table':
      return [
        ...(block.caption === undefined ? [] : [heading(block.caption)]),
        preformatted(textTable(block.columns, block.rows, 90)),
      ];
    case 'code':
      return [...(block.caption === undefined ? [] : [heading(block.caption)]), preformatted(block.text)];
  }
}

/** A path on two lines, because a phone wraps one long line in the middle of a stage. */
function stageSection(row: StageRow): RichTextSection {
  const runs: RichTextRun[] = [{ type: 'text', text: `${row.label}\n`, style: { bold: true } }];
  stageWords(row)
    .map(keepTogether)
    .forEach((word, index) => {
      if (index > 0) runs.push({ type: 'text', text: STAGE_ARROW });
      const passed = row.stages[index]?.state === 'ok';
      runs.push(passed ? { type: 'text', text: word } : { type: 'text', text: word, style: { bold: true } });
    });
  if (row.note !== undefined) runs.push({ type: 'text', text: ` ${row.note}` });
  return richSection(runs);
}

function heading(text: string): RichTextSection {
  return richSection([{ type: 'text', text, style: { bold: true } }]);
}

function preformatted(text: string): RichTextPart {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] };
}

function rich(elements: RichTextPart[]): SlackBlock {
  return { type: 'rich_text', elements };
}
