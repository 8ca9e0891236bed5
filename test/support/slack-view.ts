import { blockActions } from './slack-payloads.ts';
import type { ApiCall, SlackWebApi } from './slack-web-api.ts';
import { until } from './until.ts';

/** A message as a person sees it now, made from the calls of the Web API. */
export interface ShownMessage {
  channel: string;
  ts: string;
  threadTs: string | undefined;
  text: string;
  blocks: Json[];
  /** How often it was edited. */
  edits: number;
}

type Json = Record<string, unknown>;

/** The messages of a channel in order of posting, their edits applied. */
export function messagesIn(api: SlackWebApi, channel: string): ShownMessage[] {
  const shown = new Map<string, ShownMessage>();
  for (const { method, args, result } of api.calls) {
    if (result?.ok !== true || result.channel !== channel) continue;
    const ts = String(result.ts);
    const before = shown.get(ts);
    if (method === 'chat.postMessage') {
      const threadTs = typeof args.thread_ts === 'string' ? args.thread_ts : undefined;
      shown.set(ts, { channel, ts, threadTs, text: String(args.text), blocks: blocksOf(args), edits: 0 });
    } else if (method === 'chat.update' && before !== undefined) {
      Object.assign(before, { text: String(args.text), blocks: blocksOf(args), edits: before.edits + 1 });
    }
  }
  return [...shown.values()];
}

/** What was whispered in a channel. */
export function whispersIn(api: SlackWebApi, channel: string): ApiCall[] {
  return api.callsOf('chat.postEphemeral').filter(({ args }) => args.channel === channel);
}

/** True while the card offers to cancel what runs. */
export function isRunning({ blocks }: ShownMessage): boolean {
  return elementsOf(blocks).some(({ action_id }) => String(action_id).startsWith('mm:cancel'));
}

/** The nth message of a channel (from 1), once its card is not running any more. */
export function answerIn(api: SlackWebApi, channel: string, number = 1): Promise<ShownMessage> {
  return until(`answer ${number} in ${channel}`, () => {
    const message = messagesIn(api, channel)[number - 1];
    return message === undefined || isRunning(message) ? undefined : message;
  });
}

/** The nth message of a channel (from 1), once it is there. */
export function messageIn(api: SlackWebApi, channel: string, number = 1): Promise<ShownMessage> {
  return until(`message ${number} in ${channel}`, () => messagesIn(api, channel)[number - 1]);
}

/** The nth whisper in a channel (from 1), as text and blocks in one. */
export async function whisperIn(api: SlackWebApi, channel: string, number = 1): Promise<ApiCall['args']> {
  return (await until(`whisper ${number} in ${channel}`, () => whispersIn(api, channel)[number - 1])).args;
}

/** Everything that is written in blocks, in one line. */
export function wordsOf(blocks: unknown): string {
  return textsOf(blocks).join(' ').replace(/\s+/g, ' ').trim();
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'text' && typeof each === 'string' ? [each] : textsOf(each),
  );
}

/** The payload of a press on the button or menu entry with this label, as Slack sends it for that message. */
export function press(message: ShownMessage, label: string): object {
  const where = {
    channel: { id: message.channel, name: 'mail-ops' },
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false },
    message: {
      type: 'message',
      ts: message.ts,
      text: message.text,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
  };
  return blockActions(actionOf(message.blocks, label), where);
}

/** A press on a whisper: Slack sends no message with it. */
export function pressWhisper({ args, result }: ApiCall, label: string): object {
  const { channel } = args;
  return blockActions(actionOf(blocksOf(args), label), {
    channel: { id: channel, name: 'mail-ops' },
    container: { type: 'message', message_ts: result?.message_ts, channel_id: channel, is_ephemeral: true },
    message: undefined,
  });
}

/** The action of a payload for the button or menu entry with this label. */
function actionOf(blocks: Json[], label: string): Json {
  for (const element of elementsOf(blocks)) {
    const { type, action_id } = element;
    if (wordsOf(element.text) === label) return { type, action_id, value: element.value };
    const option = list(element.options).find((each) => wordsOf(each.text) === label);
    if (option !== undefined) return { type, action_id, selected_option: option };
  }
  throw new Error(`there is no button "${label}" on: ${wordsOf(blocks)}`);
}

function blocksOf(args: Json): Json[] {
  return list(args.blocks);
}

function elementsOf(blocks: Json[]): Json[] {
  return blocks.filter(({ type }) => type === 'actions').flatMap(({ elements }) => list(elements));
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}
