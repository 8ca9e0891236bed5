import type { CardState } from '../card.ts';

/** The sign and the word of each state: colour may be added, but is never the only mark. */
export const SIGNS = {
  ok: { sign: '✓', word: 'ok' },
  degraded: { sign: '⚠', word: 'degraded' },
  failed: { sign: '✗', word: 'failed' },
  unknown: { sign: '?', word: 'unknown' },
  running: { sign: '…', word: 'running' },
  stopped: { sign: '■', word: 'stopped' },
  info: { sign: '•', word: '' },
} as const satisfies Record<CardState, { sign: string; word: string }>;

/** What stands before the title: `✗ failed · `; only the sign where there is no word. */
export function stateMark(state: CardState): string {
  const { sign, word } = SIGNS[state];
  return word === '' ? `${sign} ` : `${sign} ${word} · `;
}
