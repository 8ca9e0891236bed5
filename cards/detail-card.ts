import type { Card } from './card.ts';

/** The content of one fold as a card of its own, or as a file; undefined when the card has no such fold. */
export function detailCard(card: Card, detailId: string, as?: 'file'): Card | undefined {
  const detail = card.details?.find((each) => each.id === detailId);
  if (detail === undefined) return undefined;
  return {
    kind: `${card.kind}-${detail.id}`,
    state: 'info',
    title: [{ text: `${detail.title}: ` }, ...(typeof card.title === 'string' ? [{ text: card.title }] : card.title)],
    blocks: detail.blocks,
    ...(as === 'file' ? { asFile: true } : {}),
    ...(card.meta === undefined ? {} : { meta: card.meta }),
    ...(card.sandbox === undefined ? {} : { sandbox: card.sandbox }),
  };
}
