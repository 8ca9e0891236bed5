import type { Card, CardDetail, CardFile, CardState } from '../card.ts';
import { plainText } from '../card.ts';
import { type AnswerIds, planActions } from './action-plan.ts';
import { adaptiveActions } from './adaptive-card-actions.ts';
import { evidenceElements, numberedSteps, textLines, textRuns } from './adaptive-card-blocks.ts';
import { ADAPTIVE_CARD } from './adaptive-card-limits.ts';
import { type AdaptiveElement, adaptiveFrame, type TextRun } from './adaptive-card-types.ts';
import { displayLine, neutralise } from './escape.ts';
import { type CardLimits, fitCard, fitDetail } from './fit-card.ts';
import { lastLine, SANDBOX_NOTE } from './last-line.ts';
import { stateMark } from './signs.ts';
import { wholeFile } from './whole-file.ts';

export { renderAdaptiveForm } from './adaptive-card-form.ts';

/** A card for Teams with the words for its notification; `files` are handed over beside it. */
export interface AdaptiveMessage {
  /** AdaptiveCard 1.5. */
  card: object;
  /** Plain words for the notification and the activity's `summary`. */
  summary: string;
  files: CardFile[];
}

/** Room for the card by falling size; the first whose JSON fits is taken. The last fits whatever the text is. */
const ROOMS: CardLimits[] = [
  { chars: 8000, blocks: 20, rows: 12, lines: 30, code: 2500 },
  { chars: 5000, blocks: 12, rows: 8, lines: 16, code: 1500 },
  { chars: 2500, blocks: 6, rows: 5, lines: 8, code: 800 },
  { chars: 1200, blocks: 2, rows: 3, lines: 4, code: 300 },
];

/** Room of one fold inside the card. */
const FOLD: CardLimits = { chars: 6000, blocks: 10, rows: 20, lines: 60, code: 5000 };

/**
 * The card as an Adaptive Card of at most 25 KB. Folds that fit stand hidden in the card and open there without a
 * round trip; others are asked for with the run's id, or go into the attached file when there is none.
 */
export function renderAdaptiveCard(card: Card, ids: AnswerIds = {}): AdaptiveMessage {
  let drawn = draw(card, ids, ROOMS.at(-1) ?? FOLD, []);
  for (const room of ROOMS) {
    drawn = draw(card, ids, room, []);
    if (drawn.bytes <= ADAPTIVE_CARD.bytes) {
      drawn = withFolds(card, ids, room, drawn);
      break;
    }
  }
  const { json, shortened } = drawn;
  const title = fitCard({ ...card, blocks: [] }, FOLD).title;
  return {
    card: json,
    summary: neutralise(`${stateMark(card.state)}${plainText(title)}`),
    files: [...(card.files ?? []), ...(shortened || card.asFile === true ? [wholeFile(card)] : [])],
  };
}

interface Drawn {
  json: object;
  bytes: number;
  shortened: boolean;
}

/** Adds the folds one by one, as long as the card stays inside its size and nothing of the fold is lost. */
function withFolds(card: Card, ids: AnswerIds, room: CardLimits, plain: Drawn): Drawn {
  let best = plain;
  const inside: CardDetail[] = [];
  for (const detail of card.details ?? []) {
    const fitted = fitDetail(detail.blocks, FOLD);
    if (fitted.shortened) continue;
    const fold = { ...detail, title: displayLine(detail.title, 75) || detail.id, blocks: fitted.blocks };
    const next = draw(card, ids, room, [...inside, fold]);
    if (next.bytes > ADAPTIVE_CARD.bytes) continue;
    inside.push(fold);
    best = next;
  }
  return best;
}

function draw(card: Card, ids: AnswerIds, room: CardLimits, inside: CardDetail[]): Drawn {
  const fitted = fitCard(card, room);
  const plan = planActions(card, ids, new Set(inside.map((detail) => detail.id)));
  const { actions, hints } = adaptiveActions(plan);
  const shortened = fitted.shortened || plan.foldLost;
  const last = lastLine(fitted, hints, shortened);
  const small = [fitted.meta, card.sandbox === true ? SANDBOX_NOTE : ''].filter((line) => line !== '').join('\n');
  const body: AdaptiveElement[] = [
    heading(card.state, textRuns(fitted.title, { weight: 'Bolder', size: 'Medium' }), small),
    ...textLines(fitted.owner),
    ...numberedSteps(fitted.steps),
    ...fitted.blocks.flatMap(evidenceElements),
    ...inside.flatMap(foldElements),
    ...textLines(last, { isSubtle: true, size: 'Small' }),
  ];
  const json = adaptiveFrame(body, actions);
  return { json, bytes: Buffer.byteLength(JSON.stringify(json)), shortened };
}

const LOOK: Record<
  CardState,
  { color: Pick<TextRun, 'color'>; style: Pick<AdaptiveElement & { type: 'Container' }, 'style'> }
> = {
  ok: { color: { color: 'Good' }, style: { style: 'good' } },
  degraded: { color: { color: 'Warning' }, style: { style: 'warning' } },
  failed: { color: { color: 'Attention' }, style: { style: 'attention' } },
  unknown: { color: {}, style: { style: 'emphasis' } },
  running: { color: { color: 'Accent' }, style: { style: 'accent' } },
  stopped: { color: {}, style: { style: 'emphasis' } },
  info: { color: {}, style: { style: 'emphasis' } },
};

/** The state's sign and word, the title, and the small print under it, on a band in the state's colour. */
function heading(state: CardState, title: TextRun[], small: string): AdaptiveElement {
  const { color, style } = LOOK[state];
  const mark: TextRun = { type: 'TextRun', text: stateMark(state), weight: 'Bolder', size: 'Medium', ...color };
  return {
    type: 'Container',
    ...style,
    bleed: true,
    items: [
      { type: 'RichTextBlock', inlines: [mark, ...title] },
      ...textLines(small, { isSubtle: true, size: 'Small' }),
    ],
  };
}

/** A line that opens the hidden content under it. */
function foldElements(detail: CardDetail, index: number): AdaptiveElement[] {
  const id = `mm-fold-${index}`;
  const title = textRuns(detail.title, { weight: 'Bolder', color: 'Accent' });
  return [
    {
      type: 'Container',
      separator: index === 0,
      spacing: index === 0 ? 'Medium' : 'Small',
      selectAction: { type: 'Action.ToggleVisibility', title: detail.title, targetElements: [id] },
      items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '▸ ', color: 'Accent' }, ...title] }],
    },
    { type: 'Container', id, isVisible: false, spacing: 'Small', items: detail.blocks.flatMap(evidenceElements) },
  ];
}
