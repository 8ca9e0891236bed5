import { el } from '../dom.ts';
import { type Fields, list, text } from '../json.ts';
import { drawRichText } from './rich-text.ts';

/** `table`: the first row is the heading, as Slack draws it. */
export function drawTable(block: Fields): HTMLElement {
  const columns = list(block.column_settings);
  const rows = Array.isArray(block.rows) ? block.rows.map(list) : [];
  const drawn = rows.map((row, index) =>
    el('tr', {}, ...row.map((cell, column) => drawCell(cell, columns[column], index === 0))),
  );
  const table = el('table', {}, el('thead', {}, ...drawn.slice(0, 1)), el('tbody', {}, ...drawn.slice(1)));
  // A wide table scrolls inside its own box; the box takes the focus so that arrow keys can scroll it.
  return el('div', { class: 'bk-table', attrs: { tabindex: '0', role: 'region', 'aria-label': 'Table' } }, table);
}

function drawCell(cell: Fields, settings: Fields | undefined, heading: boolean): HTMLElement {
  const content = cell.type === 'rich_text' ? drawRichText(cell) : cellText(cell);
  const drawn = el(heading ? 'th' : 'td', { attrs: { scope: heading ? 'col' : undefined } }, content);
  if (settings?.align === 'right' || settings?.align === 'center') drawn.classList.add(`bk-${settings.align}`);
  if (settings?.is_wrapped === true) drawn.classList.add('bk-wrapped');
  return drawn;
}

function cellText(cell: Fields): string {
  if (cell.type === 'raw_number') return text(cell.text) || String(cell.value ?? '');
  return text(cell.text);
}
