import type { App } from '@slack/bolt';
import type { IncomingFile } from '../../chat/port.ts';
import { deliveryOf, type Inbox } from './inbox.ts';
import { lineOf } from './message-line.ts';
import { fileSharedEvent, type MessageEvent, messageEvent } from './slack-payloads.ts';
import { slackPlace } from './slack-place.ts';
import { stripMention, unescapeEntities } from './slack-text.ts';

/** A shared file normally comes with the message that carries it; only without one is it taken by itself. */
const FILE_GRACE_MS = 1_500;

/**
 * Mentions in channels and messages in our direct messages.
 */
export function listenMessages(app: App, inbox: Inbox): void {
  app.event('app_mention', async ({ body }) => take(body, inbox));
  app.event('message', async ({ body }) => take(body, inbox));
  app.event('file_shared', async ({ body }) => {
    const parsed = fileSharedEvent.safeParse(body);
    if (!parsed.success) return;
    const { event, team_id, event_id } = parsed.data;
    if (!event.channel_id.startsWith('D') || event.user_id === inbox.botUserId() || !inbox.first(event_id)) return;
    // Not waited for: it is the message of the file that must not be lost.
    void inbox.run('file_shared', async (kept) => {
      await new Promise((resolve) => setTimeout(resolve, FILE_GRACE_MS));
      if (!inbox.first(fileKey(event.file_id))) return;
      await handOver(inbox, {
        teamId: team_id,
        channelId: event.channel_id,
        userId: event.user_id,
        line: lineOf('', ['file'], inbox.commands),
        files: [inbox.files.incoming({ id: event.file_id })],
        deliveryId: event_id,
        kept,
      });
    });
  });
}

async function take(body: unknown, inbox: Inbox): Promise<void> {
  const parsed = messageEvent.safeParse(body);
  if (!parsed.success || !isForUs(parsed.data, inbox)) return;
  const { event, team_id, event_id } = parsed.data;
  if (!inbox.first(event_id)) return;
  for (const file of event.files) if (file.id !== undefined) inbox.first(fileKey(file.id));
  const mayMention = event.type === 'app_mention' || inbox.botUserId() !== undefined;
  const words = mayMention ? stripMention(event.text, inbox.botUserId()) : event.text.trim();
  // In a channel the answer goes into the thread of the mention; in direct messages there is nobody to disturb.
  const threadId = event.thread_ts ?? (event.channel.startsWith('D') ? undefined : event.ts);
  const files = event.files.map((file) => inbox.files.incoming(file));
  const names = files.map((file) => file.name);
  await inbox.run(event.type, (kept) =>
    handOver(inbox, {
      teamId: team_id,
      channelId: event.channel,
      threadId,
      newThread: threadId !== undefined && event.thread_ts === undefined,
      userId: event.user,
      line: lineOf(unescapeEntities(words), names, inbox.commands),
      files,
      deliveryId: event_id,
      kept,
    }),
  );
}

/** Edits, joins and what bots write are not questions; in channels only a mention is. */
function isForUs({ event }: MessageEvent, inbox: Inbox): boolean {
  if (event.bot_id !== undefined || event.user === inbox.botUserId()) return false;
  if (event.subtype !== undefined && event.subtype !== 'file_share') return false;
  // A mention in direct messages comes as a message too: that one is taken.
  const direct = event.channel_type === 'im' || event.channel.startsWith('D');
  return event.type === 'app_mention' ? !direct : direct;
}

function fileKey(fileId: string): string {
  return `file ${fileId}`;
}

async function handOver(
  inbox: Inbox,
  said: {
    teamId: string | undefined;
    channelId: string;
    threadId?: string | undefined;
    newThread?: boolean;
    userId: string;
    line: string;
    files: IncomingFile[];
    deliveryId: string | undefined;
    kept: () => void;
  },
): Promise<void> {
  await inbox.handler.command({
    kept: said.kept,
    port: inbox.port,
    place: slackPlace(said),
    user: { id: said.userId, name: said.userId },
    line: said.line,
    ...(said.files.length === 0 ? {} : { files: said.files }),
    ...deliveryOf(said.deliveryId),
  });
}
