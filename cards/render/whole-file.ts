import type { Card, CardFile } from '../card.ts';
import { renderText } from './text.ts';

/**
 * The whole answer as a text file, for what a card cannot hold. Buttons are left out: a file has none, and their
 * command lines may carry addresses that the card masks.
 */
export function wholeFile(card: Card): CardFile {
  const { actions: _actions, ...rest } = card;
  return {
    name: `mailmedic-${card.kind.replace(/[^a-z0-9-]+/gi, '-').slice(0, 40) || 'answer'}.txt`,
    title: 'Whole answer',
    content: renderText(rest, { width: 120, verbose: true }),
  };
}
