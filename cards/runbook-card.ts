import type { Guidance } from '../src/analysis/knowledge/knowledge.ts';
import type { Cause, ErrorType } from '../src/vocabulary.ts';
import type { Card, CardAction, CardBlock } from './card.ts';
import { spans, stepText } from './steps.ts';

/** The guidance of an error type, or of one of its causes, read in the conversation. */
export function runbookCard(errorType: ErrorType, guidance: Guidance, cause: Cause | null = null): Card {
  const links: CardAction[] = guidance.runbooks
    .filter((runbook) => /^https?:/.test(runbook.url))
    .map((runbook) => ({ type: 'link', label: `Runbook: ${runbook.title}`.slice(0, 70), url: runbook.url }));
  const lists: [string, string[]][] = [
    ['How to confirm', guidance.confirm],
    ['What to send along', guidance.attach],
  ];
  const blocks: CardBlock[] = lists
    .filter(([, lines]) => lines.length > 0)
    .map(([label, lines]) => ({
      type: 'text',
      text: [{ text: label, style: 'bold' }, ...lines.flatMap((line) => [{ text: '\n• ' }, ...spans(stepText(line))])],
    }));
  return {
    kind: 'runbook',
    state: 'info',
    title: `Runbook: ${errorType}${cause === null ? '' : ` ${cause}`}`,
    owner: guidance.meaning,
    steps: guidance.mitigation.map(stepText),
    blocks,
    actions: links,
  };
}
