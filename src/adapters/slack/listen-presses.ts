import type { App } from '@slack/bolt';
import { deliveryOf, type Inbox, triggerOf } from './inbox.ts';
import { blockActionsBody } from './slack-payloads.ts';
import { slackPlace } from './slack-place.ts';

/** Buttons and overflow menus of our cards. Their values go on untrusted; the handler checks them. */
export function listenPresses(app: App, inbox: Inbox): void {
  app.action({ type: 'block_actions' }, async ({ ack, body }) => {
    await ack();
    const parsed = blockActionsBody.safeParse(body);
    if (!parsed.success) {
      inbox.logger.warn({ issues: parsed.error.issues.length }, 'slack press without the fields it needs');
      return;
    }
    const { user, team, channel, container, message, trigger_id, actions } = parsed.data;
    const action = actions[0];
    const value = action?.value ?? action?.selected_option?.value;
    // A link button reports its press too; it has nothing for us to do.
    if (action === undefined || value === undefined || !/^mm:(?!link\b)/.test(action.action_id)) return;
    const channelId = channel?.id ?? container?.channel_id;
    const messageId = message?.ts ?? container?.message_ts;
    if (channelId === undefined || messageId === undefined || !inbox.first(trigger_id)) return;
    const place = slackPlace({
      teamId: team?.id,
      channelId,
      threadId: message?.thread_ts ?? container?.thread_ts,
      userId: user.id,
      ephemeral: container?.is_ephemeral,
    });
    await inbox.run('press', (kept) =>
      inbox.handler.press({
        kept,
        port: inbox.port,
        place,
        user: { id: user.id, name: user.name ?? user.username ?? user.id },
        value,
        message: { place, messageId },
        ...triggerOf(trigger_id),
        ...deliveryOf(trigger_id),
      }),
    );
  });
}
