import { createRequire } from 'node:module';

/**
 * Checks a card with Microsoft's own parser (adaptivecards) and with what Teams asks besides: version 1.5 at most, 25 KB
 * of JSON, elements and actions that Teams draws, https links, two buttons outside the overflow menu.
 */

interface AdaptiveCardsLibrary {
  AdaptiveCard: new () => {
    hostConfig: object;
    parse(json: unknown, context: SerializationContext): void;
    validateProperties(): { validationEvents: { message: string }[] };
  };
  SerializationContext: new () => SerializationContext;
  HostConfig: new (json: object) => object;
}

interface SerializationContext {
  eventCount: number;
  getEventAt(index: number): { message: string };
}

// The package's ESM entry point does not load in Node ("Cannot find module lib/strings").
const library = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js') as AdaptiveCardsLibrary;

const ELEMENTS = [
  'AdaptiveCard',
  'RichTextBlock',
  'TextRun',
  'Container',
  'ColumnSet',
  'Column',
  'Table',
  'TableRow',
  'TableCell',
  'Input.Text',
  'Input.ChoiceSet',
  'Action.Execute',
  'Action.Submit',
  'Action.OpenUrl',
  'Action.ToggleVisibility',
  'Action.ShowCard',
];

/** What Teams or the parser would refuse; empty when the card is fine. */
export function adaptiveCardProblems(card: object): string[] {
  const problems: string[] = [];
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > 25_000) problems.push(`card has ${bytes} bytes, more than 25,000`);
  const { type, version } = card as { type?: unknown; version?: unknown };
  if (type !== 'AdaptiveCard') problems.push(`card has type ${type}`);
  if (version !== '1.5') problems.push(`card has version ${version}`);
  problems.push(...parserProblems(card), ...walk(card, new Set()), ...actionProblems(card));
  return problems;
}

function parserProblems(card: object): string[] {
  const parsed = new library.AdaptiveCard();
  parsed.hostConfig = new library.HostConfig({ actions: { maxActions: 6 } });
  const context = new library.SerializationContext();
  parsed.parse(structuredClone(card), context);
  const events = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  return [...events, ...parsed.validateProperties().validationEvents.map(({ message }) => message)];
}

function walk(value: unknown, ids: Set<string>): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => walk(each, ids));
  if (typeof value !== 'object' || value === null) return [];
  const problems: string[] = [];
  const node = value as Record<string, unknown>;
  if (typeof node.type === 'string' && !ELEMENTS.includes(node.type)) problems.push(`unknown element ${node.type}`);
  if (node.type === 'TextRun' && (typeof node.text !== 'string' || node.text === ''))
    problems.push('TextRun without text');
  if (node.type === 'RichTextBlock' && (!Array.isArray(node.inlines) || node.inlines.length === 0)) {
    problems.push('RichTextBlock without inlines');
  }
  if (node.type === 'Action.OpenUrl' && !/^https?:\/\//.test(String(node.url))) {
    problems.push(`link to ${String(node.url).slice(0, 40)}`);
  }
  if (node.type === 'Action.Execute') problems.push(...executeProblems(node));
  if (typeof node.id === 'string' && typeof node.type === 'string') {
    if (ids.has(node.id)) problems.push(`repeated id ${node.id}`);
    ids.add(node.id);
  }
  for (const [key, each] of Object.entries(node)) if (key !== 'data') problems.push(...walk(each, ids));
  return problems;
}

/** A client without Action.Execute has to get the same data by Action.Submit. */
function executeProblems(action: Record<string, unknown>): string[] {
  const fallback = action.fallback as { type?: unknown; data?: unknown } | undefined;
  const problems: string[] = [];
  if (typeof action.verb !== 'string') problems.push('Action.Execute without verb');
  if (fallback?.type !== 'Action.Submit') problems.push('Action.Execute without Action.Submit to fall back on');
  if (JSON.stringify(fallback?.data) !== JSON.stringify(action.data)) problems.push('fallback with other data');
  return problems;
}

function actionProblems(card: object): string[] {
  const { actions } = card as { actions?: { mode?: string }[] };
  const problems: string[] = [];
  const buttons = (actions ?? []).filter((action) => action.mode !== 'secondary');
  if (buttons.length > 2) problems.push(`${buttons.length} buttons outside the overflow menu`);
  const json = JSON.stringify(card);
  for (const [, id] of json.matchAll(/"targetElements":\["([^"]*)"\]/g)) {
    if (!json.includes(`"id":"${id}"`)) problems.push(`toggles ${id}, which is not there`);
  }
  return problems;
}
