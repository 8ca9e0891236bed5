import type { ActionPlan, PlannedAction } from './action-plan.ts';
import { hintOf } from './action-plan.ts';
import { textLines } from './adaptive-card-blocks.ts';
import { ADAPTIVE_CARD } from './adaptive-card-limits.ts';
import { type AdaptiveAction, adaptiveFrame } from './adaptive-card-types.ts';

/** At most two buttons, the rest in the overflow menu (`mode: secondary`, Adaptive Cards 1.5). */
export function adaptiveActions(plan: ActionPlan): { actions: AdaptiveAction[]; hints: string[] } {
  const room = ADAPTIVE_CARD.actions - plan.primary.length;
  return {
    actions: [
      ...plan.primary.map(adaptiveAction),
      ...plan.rest.slice(0, room).map((action): AdaptiveAction => ({ ...adaptiveAction(action), mode: 'secondary' })),
    ],
    hints: [...plan.hints, ...plan.rest.slice(room).map(hintOf)],
  };
}

function adaptiveAction(action: PlannedAction): AdaptiveAction {
  const title = action.label;
  if (action.url !== undefined) return { type: 'Action.OpenUrl', title, url: action.url };
  const execute = executeAction(title, action);
  if (action.confirm === undefined) return execute;
  // Adaptive Cards have no confirmation: the question unfolds under the button and holds the real one.
  return { type: 'Action.ShowCard', title, card: adaptiveFrame(textLines(action.confirm), [execute]) };
}

function executeAction(title: string, action: PlannedAction): AdaptiveAction {
  const data = { mm: action.value ?? {} };
  return {
    type: 'Action.Execute',
    title,
    verb: `mm:${action.type}`,
    data,
    fallback: { type: 'Action.Submit', title, data },
  };
}
