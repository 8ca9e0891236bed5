import { renderBlockKitModal } from '../../../cards/render/block-kit.ts';
import type { Answer, ChatPort, MessageRef, Place } from '../../chat/port.ts';
import type { Clock } from '../../clock.ts';
import { PlatformError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { SlackClient } from './slack-client.ts';
import { slackCodeOf } from './slack-errors.ts';
import { createSlackMessages, type Sent, type Target } from './slack-messages.ts';
import { encodePlace, extraOf, slackPlace, threadOf } from './slack-place.ts';
import { createSlackUploads } from './slack-uploads.ts';
import { createUserNames } from './slack-users.ts';

/** The bot is not where the person asked: in a private channel, or between two people. */
const CANNOT_WRITE_THERE = new Set(['channel_not_found', 'not_in_channel', 'user_not_in_channel', 'no_permission']);

const MAX_SUCCESSORS = 1_000;

/**
 * The chat port over Slack's Web API. An answer that cannot be posted where the person asked goes to their direct
 * messages; a private answer is never posted where others read it.
 */
export function createSlackPort(options: { client: SlackClient; clock: Clock; logger: Logger }): ChatPort {
  const { client, logger } = options;
  const messages = createSlackMessages(client, logger);
  const uploads = createSlackUploads(options);
  /** Ephemeral messages cannot be edited: their next state is a direct message, kept here by the message it replaces. */
  const successors = new Map<string, MessageRef>();

  async function post(place: Place, answer: Answer): Promise<MessageRef> {
    const sent = await postOrWhisper(place, answer);
    const ref = refOf(place, sent);
    await uploads.attach({ channelId: sent.channelId, threadTs: rootOf(ref) }, sent.message.files);
    return ref;
  }

  async function postOrWhisper(place: Place, answer: Answer): Promise<Sent> {
    const { userId } = extraOf(place);
    try {
      return await messages.send('chat.postMessage', targetOf(place), answer);
    } catch (error) {
      if (userId === undefined || !CANNOT_WRITE_THERE.has(slackCodeOf(error) ?? '')) throw error;
      logger.info({ channel: place.channelId }, 'slack channel closed to the bot, answering in direct messages');
      return messages.send('chat.postMessage', { channel: userId }, answer);
    }
  }

  /** chat.postMessage to a user id opens the direct messages with them: nobody else reads those. */
  async function whisper(userId: string, answer: Answer): Promise<void> {
    const sent = await messages.send('chat.postMessage', { channel: userId }, answer);
    await uploads.attach({ channelId: sent.channelId, threadTs: sent.ts }, sent.message.files);
  }

  async function edit(ref: MessageRef, answer: Answer): Promise<void> {
    const { channelId } = ref.place;
    const sent = await messages.send('chat.update', { channel: channelId, ts: ref.messageId }, answer);
    await uploads.attach({ channelId, threadTs: rootOf(ref) }, sent.message.files);
  }

  async function editEphemeral(ref: MessageRef, userId: string, answer: Answer): Promise<void> {
    const key = `${ref.place.channelId} ${ref.messageId}`;
    const successor = successors.get(key);
    if (successor !== undefined) return edit(successor, answer);
    const { teamId } = ref.place;
    const posted = await post(slackPlace({ teamId, channelId: userId, userId }), answer);
    if (successors.size >= MAX_SUCCESSORS) successors.clear();
    successors.set(key, posted);
  }

  async function ephemeral(place: Place, userId: string, answer: Answer): Promise<void> {
    if (place.direct) {
      await post(place, answer);
      return;
    }
    try {
      const target = extraOf(place).newThread === true ? { channel: place.channelId } : targetOf(place);
      const sent = await messages.send('chat.postEphemeral', { ...target, user: userId }, answer);
      // A file beside an ephemeral message would be public, so the answer is repeated where it can be private.
      if (sent.message.files.length > 0) await whisper(userId, answer);
    } catch (error) {
      if (!CANNOT_WRITE_THERE.has(slackCodeOf(error) ?? '')) throw error;
      await whisper(userId, answer);
    }
  }

  return {
    platform: 'slack',
    capabilities: () => ({ ephemeral: true, threads: true, forms: true, files: true }),
    resolveUser: createUserNames(client, options.clock),
    post,
    ephemeral: (place, user, answer) => ephemeral(place, user.id, answer),
    async edit(ref, answer) {
      const { ephemeral: privately, userId } = extraOf(ref.place);
      if (privately === true && userId !== undefined) return editEphemeral(ref, userId, answer);
      return edit(ref, answer);
    },
    async reply(ref, answer) {
      const { ephemeral: privately, userId } = extraOf(ref.place);
      if (privately !== true || userId === undefined) return post({ ...ref.place, threadId: rootOf(ref) }, answer);
      await ephemeral(ref.place, userId, answer);
      return ref;
    },
    async openForm(place, trigger, form) {
      const triggerId = trigger.triggerId;
      if (typeof triggerId !== 'string') {
        throw new PlatformError('invalid', 'Slack opens a form only from a command or a button. Type the command.');
      }
      const view = renderBlockKitModal(form, { privateMetadata: encodePlace(place) });
      await client.call('views.open', { trigger_id: triggerId, view });
    },
    upload: (place, file) => uploads.upload({ channelId: place.channelId, threadTs: place.threadId }, file),
  };
}

/** What was posted, wherever it went: a message that can be edited, so it is not ephemeral whatever its place was. */
function refOf(place: Place, { channelId, ts }: Sent): MessageRef {
  const threadId = channelId === place.channelId ? threadOf(place) : undefined;
  const { userId } = extraOf(place);
  return { place: slackPlace({ teamId: place.teamId, channelId, threadId, userId }), messageId: ts };
}

/** A thread is named by its root: replying to a reply stays in the same thread. */
function rootOf(ref: MessageRef): string {
  return ref.place.threadId ?? ref.messageId;
}

function targetOf(place: Place): Target {
  const thread = threadOf(place);
  return { channel: place.channelId, ...(thread === undefined ? {} : { thread_ts: thread }) };
}
