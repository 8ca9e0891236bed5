import type { Card } from '../../cards/card.ts';
import { plainText } from '../../cards/card.ts';
import { renderText } from '../../cards/render/text.ts';
import { terminalWords } from './terminal-words.ts';

/** Where the terminal's words go; a test gives its own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  width: number;
  colour: boolean;
  /** A person is watching stderr: progress may be drawn over itself. */
  interactive: boolean;
}

/** The terminal of this process. Honours NO_COLOR (no-color.org) and FORCE_COLOR. */
export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const colour = forced || (process.stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb');
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    width: Math.max(40, Math.min(process.stdout.columns ?? 100, 120)),
    colour,
    interactive: process.stderr.isTTY === true && env.TERM !== 'dumb',
  };
}

export function printCard(terminal: Terminal, card: Card, verbose: boolean): void {
  const text = renderText(card, { width: terminal.width, colour: terminal.colour, verbose });
  // Help is our own text: here its lines are typed without the slash.
  terminal.out(`${card.kind === 'help' ? terminalWords(text) : text}\n`);
}

/** One line on stderr that is drawn over itself while work goes on, and wiped before the answer. */
export function createProgressLine(terminal: Terminal): { show(card: Card): void; clear(): void } {
  let drawn = '';
  return {
    show(card) {
      if (!terminal.interactive) return;
      const row = card.blocks?.find((block) => block.type === 'stages')?.rows.at(-1);
      const words = row === undefined ? [] : [row.label, row.stages.map((stage) => stage.name).join(' › '), row.note];
      const stages = words.map((part) => (part === undefined ? '' : `  ${part}`)).join('');
      const text = `… ${plainText(card.title)}${stages}`.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
      const line = Array.from(text)
        .slice(0, terminal.width - 1)
        .join('');
      if (line === drawn) return;
      terminal.err(`\r\u001b[2K${line}`);
      drawn = line;
    },
    clear() {
      if (drawn !== '') terminal.err('\r\u001b[2K');
      drawn = '';
    },
  };
}
