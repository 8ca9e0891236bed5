import type { Card, CardDetail, Span, Text } from './card.ts';

/** Steps that are read at once; a person on a phone does not scroll for the first move. */
const SHOWN = 3;

/** A step of the knowledge base as a card shows it: what stands in backticks is a command. */
export function stepText(step: string): Text {
  const parts = step.split('`');
  // An odd number of backticks is not ours to interpret.
  if (parts.length === 1 || parts.length % 2 === 0) return step;
  return parts.flatMap((text, at): Span[] => {
    if (text === '') return [];
    return [at % 2 === 1 ? { text, style: 'code' } : { text }];
  });
}

/** The first steps for the card, and the rest as a fold; nothing is folded for a single step more. */
export function foldSteps(steps: readonly string[]): { steps: NonNullable<Card['steps']>; more: CardDetail[] } {
  if (steps.length <= SHOWN + 1) return { steps: steps.map(stepText), more: [] };
  const rest = steps.slice(SHOWN).map((step, at) => numbered(SHOWN + at + 1, stepText(step)));
  const more: CardDetail = {
    id: 'steps',
    title: `Steps ${SHOWN + 1} to ${steps.length}`,
    blocks: rest.map((text) => ({ type: 'text', text })),
  };
  return { steps: steps.slice(0, SHOWN).map(stepText), more: [more] };
}

function numbered(number: number, text: Text): Text {
  return [{ text: `${number}  `, style: 'bold' }, ...spans(text)];
}

/** A text as runs, to be joined with others. */
export function spans(text: Text): Span[] {
  return typeof text === 'string' ? [{ text }] : text;
}
