import type { App } from '@slack/bolt';
import { closest, distance } from 'fastest-levenshtein';
import { deliveryOf, type Inbox, triggerOf } from './inbox.ts';
import { commandBody } from './slack-payloads.ts';
import { slackPlace } from './slack-place.ts';
import { escapeEntities, unescapeEntities } from './slack-text.ts';

/** Slash commands: acknowledged with nothing, so that Slack shows nothing before the card. */
export function listenCommands(app: App, inbox: Inbox): void {
  app.command(/^\//, async ({ ack, body }) => {
    const name = body.command.slice(1).toLowerCase();
    if (!inbox.commands.includes(name)) {
      await ack({ response_type: 'ephemeral', text: unknownCommand(body.command, inbox.commands) });
      return;
    }
    await ack();
    const parsed = commandBody.safeParse(body);
    if (!parsed.success) {
      inbox.logger.warn({ issues: parsed.error.issues.length }, 'slack command without the fields it needs');
      return;
    }
    const { team_id, enterprise_id, channel_id, user_id, user_name, trigger_id, text } = parsed.data;
    if (!inbox.first(trigger_id)) return;
    await inbox.run('command', (kept) =>
      inbox.handler.command({
        kept,
        port: inbox.port,
        place: slackPlace({ teamId: team_id ?? enterprise_id, channelId: channel_id, userId: user_id }),
        user: { id: user_id, name: user_name ?? user_id },
        line: `/${name} ${unescapeEntities(text)}`.trimEnd(),
        ...triggerOf(trigger_id),
        ...deliveryOf(trigger_id),
      }),
    );
  });
}

/** Answered in the acknowledgement itself: Bolt alone lets an unknown command run into Slack's time-out. */
function unknownCommand(command: string, commands: readonly string[]): string {
  const name = command.slice(1, 33);
  const near = commands.length === 0 ? undefined : closest(name.toLowerCase(), [...commands]);
  const list = commands.map((known) => `/${known}`).join(', ');
  const next = near !== undefined && distance(name, near) <= 3 ? `Did you mean /${near}? Try` : 'Try';
  return `I don't know "${escapeEntities(`/${name}`)}". ${next} one of: ${list}.`;
}
