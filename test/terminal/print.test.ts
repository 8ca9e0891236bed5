import { describe, expect, test } from 'vitest';
import type { Card } from '../../cards/card.ts';
import { createProgressLine, processTerminal, type Terminal } from '../../src/terminal/print.ts';

function recorder(interactive: boolean, width = 60) {
  const written: string[] = [];
  const terminal: Terminal = {
    out: () => undefined,
    err: (text) => void written.push(text),
    width,
    colour: false,
    interactive,
  };
  return { terminal, written };
}

const card = (title: string): Card => ({ kind: 'probe', state: 'running', title });

describe('the progress line', () => {
  test('is drawn over itself, only when it changes, and wiped at the end', () => {
    const { terminal, written } = recorder(true);
    const line = createProgressLine(terminal);
    line.show(card('Probing a.example'));
    line.show(card('Probing a.example'));
    line.show(card('Probing b.example'));
    line.clear();
    line.clear();
    expect(written).toEqual(['\r\u001b[2K… Probing a.example', '\r\u001b[2K… Probing b.example', '\r\u001b[2K']);
  });

  test('fits the line and lets no control character through', () => {
    const { terminal, written } = recorder(true, 40);
    createProgressLine(terminal).show(card(`Probing \u001b[31m\r\n${'x'.repeat(100)}`));
    expect(written[0]?.slice('\r\u001b[2K'.length)).toMatch(/^[^\x00-\x1f]{39}$/);
  });

  test('is silent where nobody watches', () => {
    const { terminal, written } = recorder(false);
    createProgressLine(terminal).show(card('Probing a.example'));
    expect(written).toEqual([]);
  });
});

test.each([
  [{ FORCE_COLOR: '1' }, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  [{ FORCE_COLOR: '0' }, false],
  [{ NO_COLOR: '1' }, false],
])('colour under %j without a terminal', (env, colour) => {
  expect(processTerminal(env).colour).toBe(colour);
});
