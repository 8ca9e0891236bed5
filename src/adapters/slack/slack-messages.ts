import { z } from 'zod';
import type { Card } from '../../../cards/card.ts';
import { renderBlockKit, type SlackMessage } from '../../../cards/render/block-kit.ts';
import { renderText } from '../../../cards/render/text.ts';
import type { Answer } from '../../chat/port.ts';
import { PlatformError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { SlackClient } from './slack-client.ts';
import { slackCodeOf } from './slack-errors.ts';
import { escapeEntities } from './slack-text.ts';

/** Where a message went. */
export interface Sent {
  channelId: string;
  ts: string;
  message: SlackMessage;
}

const sentSchema = z.object({
  channel: z.string().optional(),
  ts: z.string().optional(),
  message_ts: z.string().optional(),
});

/** Slack refuses a card as a whole; the words in it must arrive all the same. */
const CARD_REFUSED = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'invalid_arguments']);

/** Slack advises 4,000 characters of text; what is longer goes into a file. */
const MAX_PLAIN = 3_500;

/** Sends cards with the methods that take text and blocks. */
export interface SlackMessages {
  send(method: 'chat.postMessage' | 'chat.update' | 'chat.postEphemeral', to: Target, answer: Answer): Promise<Sent>;
}

/** The address of a message, in the Web API's own words. */
export interface Target {
  channel: string;
  ts?: string;
  thread_ts?: string;
  user?: string;
}

/** A card that Slack refuses is sent once more as plain text. */
export function createSlackMessages(client: SlackClient, logger: Logger): SlackMessages {
  return {
    async send(method, to, answer) {
      const message = renderBlockKit(answer.card, idsOf(answer));
      const unfurl = method === 'chat.postMessage' ? { unfurl_links: false, unfurl_media: false } : {};
      const attempt = async (drawn: SlackMessage): Promise<Sent> => {
        const { text, blocks } = drawn;
        const result = sentSchema.parse(await client.call(method, { ...to, ...unfurl, text, blocks }));
        return { channelId: result.channel ?? to.channel, ts: result.ts ?? result.message_ts ?? '', message: drawn };
      };
      try {
        return await attempt(message);
      } catch (error) {
        const code = slackCodeOf(error);
        if (!(error instanceof PlatformError) || code === undefined || !CARD_REFUSED.has(code)) throw error;
        logger.warn({ method, code, kind: answer.card.kind }, 'slack refused the card, sending it as text');
        return attempt(plainMessage(answer.card, message));
      }
    },
  };
}

function idsOf(answer: Answer): { runId?: string; revision?: number } {
  return {
    ...(answer.runId === undefined ? {} : { runId: answer.runId }),
    ...(answer.revision === undefined ? {} : { revision: answer.revision }),
  };
}

/** The card in a code fence, which parses nothing but entities; the rest of a long one is attached. */
export function plainMessage(card: Card, refused: SlackMessage): SlackMessage {
  const whole = renderText(card, { width: 100, colour: false, verbose: true });
  const shown = whole.length <= MAX_PLAIN ? whole : `${whole.slice(0, MAX_PLAIN).replace(/[\ud800-\udbff]$/, '')}…`;
  const rest = whole === shown ? [] : [{ name: 'answer.txt', title: 'The whole answer', content: whole }];
  // A word joiner between backticks, so that remote text cannot close the fence.
  const fenced = escapeEntities(shown).replace(/`(?=`)/g, '`\u2060');
  return { text: `\`\`\`\n${fenced}\n\`\`\``, blocks: [], files: [...refused.files, ...rest] };
}
