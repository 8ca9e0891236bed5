import type { Card, CardFile } from '../card.ts';
import { type AnswerIds, planActions } from './action-plan.ts';
import { actionBlocks } from './block-kit-actions.ts';
import { evidenceBlocks, richRuns, richSection } from './block-kit-blocks.ts';
import { BLOCK_KIT } from './block-kit-limits.ts';
import { plain, type RichTextPart, type SlackBlock } from './block-kit-types.ts';
import { cut, escapeMrkdwn, neutralise } from './escape.ts';
import { type CardLimits, fitCard } from './fit-card.ts';
import { lastLine, SANDBOX_NOTE } from './last-line.ts';
import { stateMark } from './signs.ts';
import { wholeFile } from './whole-file.ts';

export { renderBlockKitModal } from './block-kit-modal.ts';

/** A message as chat.postMessage takes it; `files` are uploaded beside it. */
export interface SlackMessage {
  /** Shown in notifications and by clients without blocks: mrkdwn, escaped. */
  text: string;
  blocks: object[];
  files: CardFile[];
}

/** Leaves 2,000 characters of {@link BLOCK_KIT.totalText} for the state, the buttons and the last line. */
const LIMITS: CardLimits = { chars: 8000, blocks: 20, rows: 12, lines: 40, code: 2500 };

/** The card as Slack Block Kit. `ids` are carried by its buttons; without a run id, folds go into the attached file. */
export function renderBlockKit(card: Card, ids: AnswerIds = {}): SlackMessage {
  const fitted = fitCard(card, LIMITS);
  const plan = planActions(card, ids);
  const { blocks: buttons, hints } = actionBlocks(plan);
  const shortened = fitted.shortened || plan.foldLost;
  const mark = stateMark(card.state);
  const blocks: SlackBlock[] = [
    { type: 'rich_text', elements: [richSection([bold(mark), ...richRuns(fitted.title, true)])] },
  ];
  const small = [fitted.meta, card.sandbox === true ? SANDBOX_NOTE : ''].filter((line) => line !== '');
  if (small.length > 0) blocks.push({ type: 'context', elements: small.map(plain) });
  const lead: RichTextPart[] = [];
  if (fitted.owner.length > 0) lead.push(richSection(richRuns(fitted.owner)));
  if (fitted.steps.length > 0) {
    const items = fitted.steps.map((step) => richSection(richRuns(step)));
    lead.push({ type: 'rich_text_list', style: 'ordered', elements: items });
  }
  if (lead.length > 0) blocks.push({ type: 'rich_text', elements: lead });
  blocks.push(...evidenceBlocks(fitted.blocks), ...buttons);
  const last = lastLine(fitted, hints, shortened);
  if (last.some((span) => span.url !== undefined)) {
    blocks.push({ type: 'rich_text', elements: [richSection(richRuns(last))] });
  } else if (last.length > 0) {
    blocks.push({ type: 'context', elements: [plain(neutralise(last.map((span) => span.text).join('')))] });
  }
  const title = fitted.title.map((span) => span.text).join('');
  return {
    text: cut(escapeMrkdwn(neutralise(`${mark}${title}`)), BLOCK_KIT.topLevelText),
    blocks,
    files: [...(card.files ?? []), ...(shortened || card.asFile === true ? [wholeFile(card)] : [])],
  };
}

function bold(text: string): { type: 'text'; text: string; style: { bold: true } } {
  return { type: 'text', text, style: { bold: true } };
}
