import type { Card, CardBlock, Span } from '../card.ts';
import { plainText } from '../card.ts';
import { createBudget } from './budget.ts';
import { type BlockLimits, fitBlock } from './fit-block.ts';

/** Room of a whole card on one platform. */
export interface CardLimits extends BlockLimits {
  /** All text of the card, in UTF-16 units. */
  chars: number;
  /** Evidence blocks. */
  blocks: number;
}

/** A card inside its limits: every string is clean, neutral and of bounded length, ready to be placed. */
export interface FittedCard {
  title: Span[];
  meta: string;
  owner: Span[];
  steps: Span[][];
  blocks: CardBlock[];
  footer: Span[];
  /** Something was left out: the whole answer has to go beside the card as a file. */
  shortened: boolean;
}

const MAX_STEPS = 12;

/** Takes what fits, the most important first: title, owner, steps, last line, then the evidence in its order. */
export function fitCard(card: Card, limits: CardLimits): FittedCard {
  const budget = createBudget(limits.chars);
  const title = budget.spans(oneLine(card.title), 300);
  const meta = budget.line(card.meta ?? '', 250);
  const owner = budget.spans(card.owner ?? '', 600);
  const allSteps = card.steps ?? [];
  if (allSteps.length > MAX_STEPS) budget.shorten();
  const steps = allSteps
    .slice(0, MAX_STEPS)
    .map((step) => budget.spans(step, 600))
    .filter((step) => step.length > 0);
  const footer = budget.spans(card.footer ?? '', 400);
  const blocks = card.asFile === true ? [] : fitBlocks(card.blocks ?? [], budget, limits);
  return { title, meta, owner, steps, blocks, footer, shortened: budget.shortened };
}

/** The blocks of a fold inside limits of their own; `shortened` when they do not fit whole. */
export function fitDetail(blocks: CardBlock[], limits: CardLimits): { blocks: CardBlock[]; shortened: boolean } {
  const budget = createBudget(limits.chars);
  return { blocks: fitBlocks(blocks, budget, limits), shortened: budget.shortened };
}

function fitBlocks(blocks: CardBlock[], budget: ReturnType<typeof createBudget>, limits: CardLimits): CardBlock[] {
  if (blocks.length > limits.blocks) budget.shorten();
  return blocks.slice(0, limits.blocks).flatMap((block) => fitBlock(block, budget, limits));
}

function oneLine(title: Card['title']): Span[] {
  const spans = typeof title === 'string' ? [{ text: title }] : title;
  const flat = spans.map((span) => ({ ...span, text: span.text.replace(/\s+/g, ' ') }));
  return plainText(flat).trim() === '' ? [{ text: '(no title)' }] : flat;
}
