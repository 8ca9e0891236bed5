import type { UserError } from '../src/errors.ts';
import type { Card, Span } from './card.ts';
import { splitSentence } from './say.ts';

/** Something the person can mend: what is wrong, the next step, and a line that works. */
export function errorCard(error: UserError): Card {
  const [title, rest] = splitSentence(error.message);
  const example: Span[] =
    error.example === undefined ? [] : [{ text: 'Try: ' }, { text: error.example, style: 'code' }];
  return {
    kind: 'error',
    state: 'info',
    title,
    ...(rest === '' ? {} : { owner: rest }),
    ...(example.length === 0 ? {} : { blocks: [{ type: 'text', text: example }] }),
  };
}

/** A bug of ours: an id to quote, and nothing of what went wrong inside. */
export function bugCard(id: string): Card {
  return {
    kind: 'error',
    state: 'failed',
    title: 'That went wrong on our side',
    owner: [{ text: 'Quote ' }, { text: id, style: 'code' }, { text: ' to whoever runs mailmedic, then try again.' }],
  };
}
