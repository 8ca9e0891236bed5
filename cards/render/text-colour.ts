import { styleText } from 'node:util';
import type { CardState, Span, StageRow } from '../card.ts';

type Format = Parameters<typeof styleText>[0];

/** Paints for a terminal; without colour they return the text as it is. */
export interface Colours {
  state: (text: string, state: CardState) => string;
  span: (text: string, style: Span['style']) => string;
  stage: (text: string, state: StageRow['stages'][number]['state']) => string;
}

const STATE: Record<CardState, Format> = {
  ok: ['bold', 'green'],
  degraded: ['bold', 'yellow'],
  failed: ['bold', 'red'],
  unknown: ['bold', 'magenta'],
  running: ['bold', 'cyan'],
  stopped: 'bold',
  info: 'bold',
};
const SPAN: Record<NonNullable<Span['style']>, Format> = { bold: 'bold', code: 'cyan', muted: 'dim' };
const STAGE: Record<'failed' | 'degraded' | 'running', Format> = { failed: 'red', degraded: 'yellow', running: 'cyan' };

/** Whether to colour is the caller's decision (NO_COLOR, a pipe), so the stream is not asked again. */
export function createColours(enabled: boolean): Colours {
  const paint = (format: Format | undefined, text: string) =>
    enabled && format !== undefined && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    state: (text, state) => paint(STATE[state], text),
    span: (text, style) => paint(style === undefined ? undefined : SPAN[style], text),
    stage: (text, state) => paint(state === 'ok' ? undefined : STAGE[state], text),
  };
}
