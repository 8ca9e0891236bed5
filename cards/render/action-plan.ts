import { type ButtonValue, encodeButtonValue } from '../action.ts';
import type { Card, CardAction } from '../card.ts';
import { maskText } from '../mask.ts';
import { displayLine, safeUrl } from './escape.ts';

/** What the buttons of a card carry. */
export interface AnswerIds {
  runId?: string;
  revision?: number;
}

/** An action that can be drawn: with a value for the handler, or with a link. */
export interface PlannedAction {
  type: CardAction['type'];
  label: string;
  /** Set unless it is a link. */
  value?: ButtonValue;
  url?: string;
  confirm?: string;
  /** The card names it as the next move. */
  primary: boolean;
  /** It opens a fold that stands under the card. */
  fold?: true;
}

/** The actions of a card, sorted by how they are drawn. */
export interface ActionPlan {
  /** At most two: drawn as buttons. */
  primary: PlannedAction[];
  /** Everything else, the most important first. */
  rest: PlannedAction[];
  /** What cannot be a button, in words for the last line. */
  hints: string[];
  /** A fold cannot be opened from here (no run to ask): its content has to go into a file. */
  foldLost: boolean;
}

/**
 * Orders the actions of a card: those marked primary first, then as given; every fold gets a way to open it.
 * `inside` names the folds that the drawn card holds and opens itself: they need no button.
 */
export function planActions(card: Card, ids: AnswerIds, inside: ReadonlySet<string> = new Set()): ActionPlan {
  const given = (card.actions ?? []).filter((action) => !opensFold(action) || !inside.has(action.detail));
  const opened = new Set(given.flatMap((action) => (opensFold(action) ? [action.detail] : [])));
  const folds = (card.details ?? [])
    .filter((detail) => !opened.has(detail.id) && !inside.has(detail.id))
    .map((detail): CardAction => ({ type: 'detail', label: detail.title, detail: detail.id }));
  const isFold = (action: CardAction): boolean => (folds as readonly CardAction[]).includes(action);
  const hints: string[] = [];
  let foldLost = false;
  const drawn: { action: CardAction; planned: PlannedAction }[] = [];
  for (const action of [...given, ...folds]) {
    const planned = planAction(action, ids);
    if (planned !== undefined) drawn.push({ action, planned: isFold(action) ? { ...planned, fold: true } : planned });
    else if (action.type === 'detail') foldLost ||= opensFold(action);
    else hints.push(hintOf(action));
  }
  const marked = drawn.filter(({ action }) => action.primary === true);
  const ordered = [...marked, ...drawn.filter(({ action }) => action.primary !== true)].map(({ planned }) => planned);
  const cancel = ordered.filter((planned) => planned.type === 'cancel');
  const others = ordered.filter((planned) => planned.type !== 'cancel');
  const all = [...cancel, ...others];
  return { primary: all.slice(0, 2), rest: all.slice(2), hints, foldLost };
}

/** What a person can type or open instead of pressing: shown when there is no room for a button. */
export function hintOf(action: CardAction | PlannedAction): string {
  if ('line' in action) return displayLine(maskText(action.line), 100);
  if ('value' in action && action.value?.a === 'run') return displayLine(maskText(action.value.line), 100);
  if ('url' in action && action.url !== undefined) return displayLine(`${action.label}: ${action.url}`, 200);
  return displayLine(action.label, 75);
}

/** A fold that is handed over as a file is not opened by that. */
function opensFold(action: CardAction): action is CardAction & { type: 'detail' } {
  return action.type === 'detail' && action.as === undefined;
}

function planAction(action: CardAction, ids: AnswerIds): PlannedAction | undefined {
  const label = displayLine(action.label, 75) || '…';
  const primary = action.primary === true;
  if (action.type === 'link') {
    const url = safeUrl(action.url);
    return url === undefined ? undefined : { type: 'link', label, url, primary };
  }
  const value = buttonValueOf(action, ids);
  if (value === undefined || encodeButtonValue(value) === undefined) return undefined;
  const confirm = action.type === 'run' && action.confirm !== undefined ? displayLine(action.confirm, 300) : '';
  return { type: action.type, label, value, primary, ...(confirm === '' ? {} : { confirm }) };
}

function buttonValueOf(action: Exclude<CardAction, { type: 'link' }>, ids: AnswerIds): ButtonValue | undefined {
  const run = ids.runId === undefined ? {} : { run: ids.runId };
  const rev = ids.revision === undefined ? {} : { rev: ids.revision };
  switch (action.type) {
    case 'run':
      return { v: 1, a: 'run', line: action.line, where: action.where ?? 'thread', ...run, ...rev };
    case 'form':
      return { v: 1, a: 'form', command: action.command };
    case 'detail': {
      const as = action.as === undefined ? {} : { as: action.as };
      return ids.runId === undefined
        ? undefined
        : { v: 1, a: 'detail', detail: action.detail, ...as, run: ids.runId, ...rev };
    }
    case 'cancel':
      return ids.runId === undefined ? undefined : { v: 1, a: 'cancel', run: ids.runId };
  }
}
