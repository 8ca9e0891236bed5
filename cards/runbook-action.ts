import type { ErrorType } from '../src/vocabulary.ts';
import type { CardAction, RunbookLink } from './card.ts';

/**
 * The button that opens the runbook: a link where its URL works for everyone, else the command that shows it in the
 * conversation (a file URL means nothing on another machine).
 */
export function runbookAction(errorType: ErrorType | null, runbooks: readonly RunbookLink[]): CardAction[] {
  const first = runbooks[0];
  if (first === undefined && errorType === null) return [];
  const name = first === undefined ? `${errorType}` : first.title.replace(/^runbook:?\s*/i, '');
  const label = `Runbook: ${name}`.slice(0, 75);
  if (first !== undefined && /^https?:\/\//i.test(first.url)) {
    return [{ type: 'link', label, url: first.url, primary: true }];
  }
  if (errorType === null) return [];
  return [{ type: 'run', label, line: `/mailmedic runbook ${errorType}`, where: 'thread', primary: true }];
}
