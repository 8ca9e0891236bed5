import type { TeamsMicrosoft } from './teams-microsoft.ts';
import { until } from './until.ts';

type Json = Record<string, unknown>;

/** A message of the bot as it stands in Teams now, made from the calls of the connector. */
export interface TeamsMessage {
  id: string;
  /** Conversation as the connector was told it, with the thread of a channel. */
  conversation: string;
  card: Json;
  /** Addressed to one person, on the wire of the first post. */
  onlyFor: string | undefined;
  edits: number;
}

/** The bot's messages in a conversation and its threads, in order of posting, their edits applied. */
export function messagesIn(microsoft: TeamsMicrosoft, conversation: string): TeamsMessage[] {
  const shown = new Map<string, TeamsMessage>();
  for (const { method, url, body, answeredId } of microsoft.calls) {
    const [, id = '', , activityId] = /conversations\/([^/]+)\/activities(\/([^/?]+))?/.exec(url) ?? [];
    const where = decodeURIComponent(id);
    if (where.split(';')[0] !== conversation || answeredId === undefined) continue;
    const card: Json = body.attachments[0].content;
    if (method === 'POST') {
      const targeted = url.includes('isTargetedActivity=true') && body.recipient?.isTargeted === true;
      const onlyFor = targeted ? String(body.recipient.id) : undefined;
      shown.set(answeredId, { id: answeredId, conversation: where, card, onlyFor, edits: 0 });
    } else {
      const before = shown.get(activityId ?? '');
      if (before !== undefined) Object.assign(before, { card, edits: before.edits + 1 });
    }
  }
  return [...shown.values()];
}

/** The nth message of a conversation (from 1), once its card is not running any more. */
export function answerIn(microsoft: TeamsMicrosoft, conversation: string, number = 1): Promise<TeamsMessage> {
  return until(`answer ${number} in ${conversation}`, () => {
    const message = messagesIn(microsoft, conversation)[number - 1];
    return message === undefined || isRunning(message) ? undefined : message;
  });
}

/** The nth message of a conversation (from 1), once it is there. */
export function messageIn(microsoft: TeamsMicrosoft, conversation: string, number = 1): Promise<TeamsMessage> {
  return until(`message ${number} in ${conversation}`, () => messagesIn(microsoft, conversation)[number - 1]);
}

/** True while the card offers to cancel what runs. */
export function isRunning({ card }: TeamsMessage): boolean {
  return actionsOf(card).some(({ verb }) => verb === 'mm:cancel');
}

const WORDS = new Set(['text', 'title', 'label']);

/** Everything that is written on a card, in one line. */
export function wordsOf(card: unknown): string {
  return textsOf(card).join(' ').replace(/\s+/g, ' ').trim();
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'string' && WORDS.has(key) ? [each] : textsOf(each),
  );
}

/** What the button with this title carries; `fallback` is what an older client sends. */
export function actionOf(message: TeamsMessage, title: string): { verb: unknown; data: Json; fallback: Json } {
  const action = actionsOf(message.card).find((each) => each.title === title);
  if (action === undefined) throw new Error(`there is no button "${title}" on: ${wordsOf(message.card)}`);
  const fallback = record(action.fallback);
  return { verb: action.verb, data: record(action.data), fallback: record(fallback.data) };
}

function actionsOf(card: Json): Json[] {
  return Array.isArray(card.actions) ? card.actions : [];
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
