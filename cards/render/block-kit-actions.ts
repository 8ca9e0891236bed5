import { encodeButtonValue } from '../action.ts';
import { type ActionPlan, hintOf, type PlannedAction } from './action-plan.ts';
import { BLOCK_KIT } from './block-kit-limits.ts';
import { type ButtonElement, type OverflowElement, plain, type SlackBlock } from './block-kit-types.ts';

/** So many buttons stand in a second row before the rest is named in the last line. */
const MAX_EXTRA_BUTTONS = 5;

/**
 * Two buttons and one overflow menu. An overflow option carries 150 characters and neither a confirmation nor a link
 * of its own that would not come back as a press; what does not fit it, or finds it full, stands as a button in a second
 * row, and so do folds while there is room: more steps behind an ellipsis are not found.
 */
export function actionBlocks(plan: ActionPlan): { blocks: SlackBlock[]; hints: string[] } {
  const options: { text: ReturnType<typeof plain>; value: string }[] = [];
  const extra: PlannedAction[] = [];
  const hints = [...plan.hints];
  for (const action of plan.rest) {
    const value = action.value === undefined ? undefined : encodeButtonValue(action.value);
    const small = value !== undefined && value.length <= BLOCK_KIT.optionValue && action.confirm === undefined;
    const beside = action.fold === true && extra.length < MAX_EXTRA_BUTTONS;
    if (small && !beside && options.length < BLOCK_KIT.overflowOptions)
      options.push({ text: plain(action.label), value });
    else if (extra.length < MAX_EXTRA_BUTTONS) extra.push(action);
    else hints.push(hintOf(action));
  }
  const number = counter();
  const first: (ButtonElement | OverflowElement)[] = plan.primary.map((action, index) =>
    button(action, number(), index === 0 && action.primary && action.type === 'run'),
  );
  if (options.length > 0) first.push({ type: 'overflow', action_id: `mm:more:${number()}`, options });
  const blocks: SlackBlock[] = first.length === 0 ? [] : [{ type: 'actions', elements: first }];
  if (extra.length > 0) blocks.push({ type: 'actions', elements: extra.map((each) => button(each, number(), false)) });
  return { blocks, hints };
}

function button(action: PlannedAction, n: number, primary: boolean): ButtonElement {
  const value = action.value === undefined ? undefined : encodeButtonValue(action.value);
  return {
    type: 'button',
    action_id: `mm:${action.type}:${n}`,
    text: plain(action.label),
    ...(value === undefined ? {} : { value }),
    ...(action.url === undefined ? {} : { url: action.url }),
    ...(primary && action.type !== 'link' ? { style: 'primary' as const } : {}),
    ...(action.confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain('Sure?'),
            text: plain(action.confirm),
            confirm: plain(action.label.length <= BLOCK_KIT.confirmButton ? action.label : 'Yes'),
            deny: plain('No'),
          },
        }),
  };
}

function counter(): () => number {
  let n = 0;
  return () => n++;
}
