import type { App } from '@slack/bolt';
import { deliveryOf, type Inbox, triggerOf } from './inbox.ts';
import { lineOf } from './message-line.ts';
import { messageShortcutBody } from './slack-payloads.ts';
import { slackPlace } from './slack-place.ts';
import { unescapeEntities } from './slack-text.ts';

/** The shortcut in the menu of every message; manifest.yaml registers it. */
export const PARSE_SHORTCUT = 'parse_with_mailmedic';

/** "Parse with mailmedic": the files of the message, or else its text. The answer goes into its thread. */
export function listenShortcuts(app: App, inbox: Inbox): void {
  app.shortcut(PARSE_SHORTCUT, async ({ ack, body }) => {
    await ack();
    const parsed = messageShortcutBody.safeParse(body);
    if (!parsed.success) {
      inbox.logger.warn({ issues: parsed.error.issues.length }, 'slack shortcut without the fields it needs');
      return;
    }
    const { user, team, channel, trigger_id, message } = parsed.data;
    if (!inbox.first(trigger_id)) return;
    const files = message.files.map((file) => inbox.files.incoming(file));
    const names = files.map((file) => file.name);
    // What other apps post often has its words in attachments only.
    const text = message.text || message.attachments.map((part) => part.text ?? part.fallback ?? '').join('\n');
    const line = files.length > 0 ? lineOf('', names, inbox.commands) : `/diagnose ${unescapeEntities(text)}`.trimEnd();
    await inbox.run('shortcut', (kept) =>
      inbox.handler.command({
        kept,
        port: inbox.port,
        place: slackPlace({
          teamId: team?.id,
          channelId: channel.id,
          threadId: message.thread_ts ?? message.ts,
          newThread: message.thread_ts === undefined,
          userId: user.id,
        }),
        user: { id: user.id, name: user.name ?? user.username ?? user.id },
        line,
        ...(files.length === 0 ? {} : { files }),
        ...triggerOf(trigger_id),
        ...deliveryOf(trigger_id),
      }),
    );
  });
}
