import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';

/** How Slack reaches us: over a WebSocket that we open, or by requests to our HTTP server. */
export type SlackTransport = { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string };

/** What a usable configuration says. Both transports may be open: a Slack app uses one of them at a time. */
export interface SlackMode {
  botToken: string;
  transports: SlackTransport[];
}

/**
 * Undefined when Slack is not configured at all.
 * @throws UserError that names the missing key when it is configured by half.
 */
export function decideSlackMode(config: Config['slack']): SlackMode | undefined {
  const { botToken, appToken, signingSecret } = config;
  if (!botToken && !appToken && !signingSecret) return undefined;
  if (!botToken) {
    const given = appToken ? 'MAILMEDIC_SLACK_APP_TOKEN' : 'MAILMEDIC_SLACK_SIGNING_SECRET';
    throw new UserError(
      `Slack: ${given} is set but MAILMEDIC_SLACK_BOT_TOKEN is not. Set it to the bot token (xoxb-…) of the app.`,
    );
  }
  if (!appToken && !signingSecret) {
    throw new UserError(
      'Slack: MAILMEDIC_SLACK_BOT_TOKEN is set but neither MAILMEDIC_SLACK_APP_TOKEN (Socket Mode) nor ' +
        'MAILMEDIC_SLACK_SIGNING_SECRET (HTTP) is. Set one of them.',
    );
  }
  refuseMixedUp('MAILMEDIC_SLACK_BOT_TOKEN', botToken, 'xapp-', 'the bot token starts with xoxb-');
  refuseMixedUp('MAILMEDIC_SLACK_APP_TOKEN', appToken, 'xoxb-', 'the app-level token starts with xapp-');
  const transports: SlackTransport[] = [];
  if (appToken) transports.push({ kind: 'socket', appToken });
  if (signingSecret) transports.push({ kind: 'http', signingSecret });
  return { botToken, transports };
}

function refuseMixedUp(key: string, value: string | undefined, wrongPrefix: string, rule: string): void {
  if (!value?.startsWith(wrongPrefix)) return;
  throw new UserError(`Slack: ${key} holds a token of the other kind (${wrongPrefix}…): ${rule}. Swap the two values.`);
}
