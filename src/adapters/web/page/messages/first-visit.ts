import { el } from '../dom.ts';
import type { WireSetup } from '../wire.ts';

/** What an empty channel shows: what this is, and lines that can be tried with one click. */
export function drawFirstVisit(setup: WireSetup, run: (line: string) => void): HTMLElement {
  const summaries = new Map(setup.commands.map((command) => [`/${command.name}`, command.summary]));
  const examples = setup.examples.map((line) =>
    el(
      'li',
      {},
      el(
        'button',
        { class: 'example', attrs: { type: 'button' }, on: { click: () => run(line) } },
        el('code', { text: line }),
        el('span', { text: summaries.get(line.split(' ')[0] ?? '') ?? '' }),
      ),
    ),
  );
  return el(
    'section',
    { class: 'first-visit', attrs: { 'aria-label': 'First steps' } },
    el('h2', { text: 'Mail is stuck somewhere. Ask why.' }),
    el('p', {
      text: 'Type a command, paste a bounce or an SMTP reply, or drop a message trace here. Try one of these:',
    }),
    el('ul', {}, ...examples),
    el('p', {
      class: 'quiet',
      text: 'Type / for all commands. Tab completes, ↑ brings back the last line, Shift+Enter starts a new one.',
    }),
  );
}
