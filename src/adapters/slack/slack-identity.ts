import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { SlackClient } from './slack-client.ts';
import { BAD_CREDENTIALS, slackCodeOf } from './slack-errors.ts';

/** Who we are in Slack, as auth.test tells it. */
export interface SlackIdentity {
  userId: string | undefined;
  botId: string | undefined;
  team: string | undefined;
}

const authTest = z.object({
  user_id: z.string().optional(),
  bot_id: z.string().optional(),
  team: z.string().optional(),
});

const RETRY_MS = 15_000;

/**
 * Asks Slack who we are, and goes on asking in the background while Slack cannot be reached: commands and presses work
 * without the answer.
 * @throws UserError when Slack refuses the token.
 */
export async function learnIdentity(
  client: SlackClient,
  logger: Logger,
  signal: AbortSignal,
  learned: (identity: SlackIdentity) => void,
): Promise<void> {
  try {
    const { user_id, bot_id, team } = authTest.parse(await client.call('auth.test', {}));
    learned({ userId: user_id, botId: bot_id, team });
    return;
  } catch (error) {
    const code = slackCodeOf(error);
    if (code !== undefined && BAD_CREDENTIALS.has(code)) {
      throw new UserError(
        `Slack refuses MAILMEDIC_SLACK_BOT_TOKEN (${code}). Set it to the bot token (xoxb-…) of the installed app.`,
      );
    }
    logger.warn({ reason: messageOf(error) }, 'slack did not say who we are, asking again');
  }
  void askAgain(client, logger, signal, learned);
}

async function askAgain(...args: Parameters<typeof learnIdentity>): Promise<void> {
  const [, logger, signal] = args;
  try {
    await delay(RETRY_MS, undefined, { signal, ref: false });
    await learnIdentity(...args);
  } catch (error) {
    if (!signal.aborted) logger.error({ reason: messageOf(error) }, 'slack refuses the bot token');
  }
}
