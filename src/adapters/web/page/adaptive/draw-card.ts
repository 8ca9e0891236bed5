import type * as Library from 'adaptivecards';
import { el, httpUrl } from '../dom.ts';
import { fields, text } from '../json.ts';
import { openMenu } from '../menu.ts';
import { teamsHostConfig } from './host-config.ts';
import { safeMarkdown } from './markdown.ts';

/** Draws an Adaptive Card with Microsoft's library. `press` gets the value that our buttons carry (`data.mm`). */
export function drawAdaptiveCard(card: unknown, press: (value: unknown) => Promise<void>): HTMLElement {
  const library = (globalThis as { AdaptiveCards?: typeof Library }).AdaptiveCards;
  if (library === undefined) return el('p', { class: 'bk-unknown', text: 'The Adaptive Cards library did not load.' });
  library.AdaptiveCard.onProcessMarkdown = (source, result) => {
    result.outputHtml = safeMarkdown(source);
    result.didProcess = true;
  };
  const adaptive = new library.AdaptiveCard();
  adaptive.hostConfig = new library.HostConfig(teamsHostConfig(matchMedia('(prefers-color-scheme: dark)').matches));
  adaptive.onExecuteAction = (action) => void execute(library, action, press);
  // The library's own menu closes by itself when the page scrolls or takes the focus back; ours is the same in both drawings.
  adaptive.onDisplayOverflowActionMenu = (actions, target) => {
    const entries = actions.map((action) => ({ label: action.title ?? '', choose: () => action.execute() }));
    if (target !== undefined) openMenu(target, entries);
    return target !== undefined;
  };
  adaptive.parse(card);
  const drawn = adaptive.render();
  return el(
    'div',
    { class: 'teams-card' },
    drawn ?? el('p', { class: 'bk-unknown', text: 'This card cannot be drawn.' }),
  );
}

async function execute(
  library: typeof Library,
  action: Library.Action,
  press: (value: unknown) => Promise<void>,
): Promise<void> {
  if (action instanceof library.OpenUrlAction) {
    const url = httpUrl(action.url ?? '');
    if (url !== undefined) window.open(url, '_blank', 'noopener,noreferrer');
    return;
  }
  if (!(action instanceof library.SubmitAction || action instanceof library.ExecuteAction)) return;
  const control = action.renderedElement;
  control?.setAttribute('aria-busy', 'true');
  if (control instanceof HTMLButtonElement) control.disabled = true;
  try {
    const { mm } = fields(action.data);
    await press(typeof mm === 'object' ? mm : text(mm));
  } finally {
    control?.removeAttribute('aria-busy');
    if (control instanceof HTMLButtonElement) control.disabled = false;
  }
}
