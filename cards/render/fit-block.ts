import type { CardBlock, Span, StageRow } from '../card.ts';
import type { Budget } from './budget.ts';
import { cleanText } from './escape.ts';

/** How much of one block is drawn in the card; the rest goes to the attached file. */
export interface BlockLimits {
  /** Rows of a table or of stages, and facts. */
  rows: number;
  /** Lines of monospaced text. */
  lines: number;
  /** Characters of monospaced text. */
  code: number;
}

/** The block with every string ready to show, or undefined when there is no room left for it. */
export function fitBlock(block: CardBlock, budget: Budget, limits: BlockLimits): CardBlock[] {
  if (budget.left < 40) {
    budget.shorten();
    return [];
  }
  switch (block.type) {
    case 'text': {
      const text = budget.spans(block.text, 1500);
      return text.length === 0 ? [] : [{ type: 'text', text }];
    }
    case 'facts': {
      const facts = block.facts.slice(0, limits.rows).map(({ label, value }) => ({
        label: budget.line(label, 60) || '–',
        value: orDash(budget.spans(value, 300)),
      }));
      return facts.length === 0 ? [] : [{ type: 'facts', facts }, ...more(block.facts.length - facts.length, budget)];
    }
    case 'stages': {
      const rows = block.rows.slice(0, limits.rows).map((row) => fitStageRow(row, budget));
      return rows.length === 0 ? [] : [{ type: 'stages', rows }, ...more(block.rows.length - rows.length, budget)];
    }
    case 'table':
      return fitTable(block, budget, limits);
    case 'code': {
      const caption = block.caption === undefined ? '' : budget.line(block.caption, 120);
      const text = budget.text(shortenLines(block.text, limits, budget), limits.code);
      return text.trim() === '' ? [] : [{ type: 'code', text, ...(caption === '' ? {} : { caption }) }];
    }
  }
}

function fitStageRow(row: StageRow, budget: Budget): StageRow {
  const label = budget.line(row.label, 120) || '–';
  const stages = row.stages.slice(0, 16).map((stage) => ({ ...stage, name: budget.line(stage.name, 60) || '–' }));
  const note = row.note === undefined ? '' : budget.line(row.note, 240);
  return { label, stages, ...(note === '' ? {} : { note }) };
}

function fitTable(block: CardBlock & { type: 'table' }, budget: Budget, limits: BlockLimits): CardBlock[] {
  if (block.columns.length > 8) budget.shorten();
  const columns = block.columns.slice(0, 8).map((column) => budget.line(column, 40) || '–');
  const rows: string[][] = [];
  for (const row of block.rows.slice(0, limits.rows)) {
    if (budget.left < 40 * columns.length && rows.length > 0) break;
    rows.push(columns.map((_, index) => budget.line(row[index] ?? '', 160) || '–'));
  }
  if (columns.length === 0 || rows.length === 0) return [];
  const caption = block.caption === undefined ? '' : budget.line(block.caption, 120);
  return [
    { type: 'table', columns, rows, ...(caption === '' ? {} : { caption }) },
    ...more(block.rows.length - rows.length, budget),
  ];
}

function more(count: number, budget: Budget): CardBlock[] {
  if (count <= 0) return [];
  budget.shorten();
  return [{ type: 'text', text: [{ text: `${count} more in the attached file`, style: 'muted' }] }];
}

/** Keeps the beginning and, as that is where a session broke, more of the end. */
function shortenLines(text: string, limits: BlockLimits, budget: Budget): string {
  const lines = cleanText(text, 200_000).replace(/\n+$/, '').split('\n');
  const bounded = lines.map((line) => (line.length > 300 ? `${cleanText(line, 300)}` : line));
  if (bounded.some((line, index) => line !== lines[index])) budget.shorten();
  let tail = Math.min(bounded.length, limits.lines);
  const head = bounded.length > limits.lines ? Math.floor(limits.lines / 4) : 0;
  tail -= head;
  const size = (from: number) => bounded.slice(from).join('\n').length;
  const headSize = bounded.slice(0, head).join('\n').length;
  while (tail > 1 && headSize + size(bounded.length - tail) > limits.code - 120) tail -= 1;
  const left = bounded.length - head - tail;
  if (left <= 0) return bounded.join('\n');
  budget.shorten();
  const gap = `… ${left} lines are in the attached file …`;
  return [...bounded.slice(0, head), gap, ...bounded.slice(bounded.length - tail)].join('\n');
}

function orDash(spans: Span[]): Span[] {
  return spans.length === 0 ? [{ text: '–' }] : spans;
}
