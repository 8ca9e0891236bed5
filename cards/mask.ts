import { maskAddress } from '../src/log.ts';
import type { Card, CardBlock, CardDetail, Text } from './card.ts';

/**
 * Characters that end the local part of an address when read backwards from the `@`. `=`, `/` and `'` are not among
 * them: VERP and X.400 addresses and names such as O'Brien hold them, and masking too much is the safer mistake.
 */
const ENDS_LOCAL = new Set(' \t\r\n<>()[]{}:;,"`\u2060');

/** Longest local part that is looked for: RFC 5321 4.5.3.1.1 allows 64; bounce addresses (VERP, SRS) run longer. */
const MAX_LOCAL = 320;

/** Every address in the text with its local part masked: `kim@fabrikam.com` becomes `k…@fabrikam.com`. */
export function maskText(text: string): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (!/[\p{L}\p{N}[]/u.test(text[at + 1] ?? '')) continue;
    const start = localStart(text, from, at);
    if (start === at) continue;
    out += text.slice(from, start) + maskAddress(`${text.slice(start, at)}@`);
    from = at + 1;
  }
  return out + text.slice(from);
}

function localStart(text: string, from: number, at: number): number {
  const least = Math.max(from, at - MAX_LOCAL);
  if (text[at - 1] === '"') {
    const quote = text.lastIndexOf('"', at - 2);
    if (quote >= least) return quote;
  }
  let start = at;
  while (start > least && !ENDS_LOCAL.has(text[start - 1] ?? ' ')) start -= 1;
  return start;
}

/** The card as others may read it: addresses masked in everything that is shown. Command lines of buttons stay whole. */
export function maskCard(card: Card): Card {
  return {
    ...card,
    title: maskRuns(card.title),
    ...(card.meta === undefined ? {} : { meta: maskText(card.meta) }),
    ...(card.owner === undefined ? {} : { owner: maskRuns(card.owner) }),
    ...(card.steps === undefined ? {} : { steps: card.steps.map(maskRuns) }),
    ...(card.blocks === undefined ? {} : { blocks: card.blocks.map(maskBlock) }),
    ...(card.details === undefined ? {} : { details: card.details.map(maskDetail) }),
    ...(card.actions === undefined
      ? {}
      : { actions: card.actions.map((action) => ({ ...action, label: maskText(action.label) })) }),
    ...(card.footer === undefined ? {} : { footer: maskRuns(card.footer) }),
    ...(card.files === undefined
      ? {}
      : { files: card.files.map((file) => ({ ...file, content: maskText(file.content) })) }),
  };
}

function maskRuns(text: Text): Text {
  return typeof text === 'string' ? maskText(text) : text.map((span) => ({ ...span, text: maskText(span.text) }));
}

function maskDetail(detail: CardDetail): CardDetail {
  return { ...detail, title: maskText(detail.title), blocks: detail.blocks.map(maskBlock) };
}

function maskBlock(block: CardBlock): CardBlock {
  switch (block.type) {
    case 'text':
      return { ...block, text: maskRuns(block.text) };
    case 'facts':
      return { ...block, facts: block.facts.map(({ label, value }) => ({ label, value: maskRuns(value) })) };
    case 'stages':
      return {
        ...block,
        rows: block.rows.map((row) => ({
          ...row,
          label: maskText(row.label),
          ...(row.note === undefined ? {} : { note: maskText(row.note) }),
        })),
      };
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map(maskText)) };
    case 'code':
      return {
        ...block,
        text: maskText(block.text),
        ...(block.caption === undefined ? {} : { caption: maskText(block.caption) }),
      };
  }
}
