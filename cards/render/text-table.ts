import { columnsOf, cutToColumns } from './columns.ts';

/**
 * A table in monospaced columns at most `width` wide, columns two blanks apart, the widest column cut first. Numbers
 * stand at the right of their column.
 */
export function textTable(columns: string[], rows: string[][], width: number): string {
  const cells = [columns, ...rows];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => columnsOf(row[at] ?? ''))));
  const room = Math.max(columns.length * 4, width - 2 * (columns.length - 1));
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now <= 4) break;
    widths[widest] = now - 1;
  }
  const right = columns.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^\d[\d,]*(?:\.\d+)?(?: %)?$/.test(row[at] ?? '')),
  );
  return cells
    .map((row) =>
      columns
        .map((_, at) => pad(row[at] ?? '', widths[at] ?? 0, right[at] === true))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(text: string, width: number, right: boolean): string {
  const shown = cutToColumns(text, width);
  const blanks = ' '.repeat(Math.max(0, width - columnsOf(shown)));
  return right ? blanks + shown : shown + blanks;
}
