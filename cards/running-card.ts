import type { Card } from './card.ts';
import { maskText } from './mask.ts';
import { sayTime } from './say.ts';

/** The placeholder of a command that has begun. Its line is masked, as it may stand in a shared channel. */
export function runningCard(line: string): Card {
  return {
    kind: 'running',
    state: 'running',
    title: maskText(line),
    actions: [{ type: 'cancel', label: 'Cancel', primary: true }],
  };
}

/** A command that somebody stopped. */
export function cancelledCard(line: string, by: string): Card {
  return stopped(line, `Stopped by ${by}. Nothing goes on in the background.`);
}

/** A command that was running when the process ended; `startedAt` is ISO 8601. */
export function interruptedCard(line: string, startedAt: string): Card {
  return stopped(
    line,
    `Began at ${sayTime(startedAt)} and was interrupted by a restart. Nothing was lost: run it again.`,
  );
}

function stopped(line: string, why: string): Card {
  return {
    kind: 'stopped',
    state: 'stopped',
    title: maskText(line),
    owner: why,
    actions: [{ type: 'run', label: 'Run again', line, where: 'edit', primary: true }],
  };
}
