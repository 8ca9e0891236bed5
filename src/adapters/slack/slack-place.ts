import { z } from 'zod';
import type { Place } from '../../chat/port.ts';

/** What the Slack port keeps in {@link Place.extra}. */
const extraSchema = z.object({
  /** Who asked: the answer goes to them in private when the bot cannot write where they asked. */
  userId: z.string().max(64).optional(),
  /** The message that was pressed is visible to the person only: it cannot be edited, and answers stay private. */
  ephemeral: z.boolean().optional(),
  /** The thread that an ephemeral message stands in: the message itself can have none, Slack shows no replies to it. */
  threadTs: z.string().max(64).optional(),
  /** The thread has no reply yet: Slack shows an ephemeral message only in a thread that exists. */
  newThread: z.boolean().optional(),
});
export type SlackExtra = z.infer<typeof extraSchema>;

const placeSchema = z.object({
  platform: z.literal('slack'),
  teamId: z.string().max(64),
  channelId: z.string().min(1).max(64),
  threadId: z.string().max(64).optional(),
  direct: z.boolean(),
  extra: z.record(z.string(), z.unknown()).optional(),
});

/**
 * The place of something that happened in Slack. Ids of conversations with one person begin with D; the id of a user
 * (U, W) stands for the conversation with them.
 */
export function slackPlace(where: {
  teamId: string | undefined;
  channelId: string;
  threadId?: string | undefined;
  userId?: string | undefined;
  ephemeral?: boolean | undefined;
  newThread?: boolean | undefined;
}): Place {
  return {
    platform: 'slack',
    teamId: where.teamId ?? '',
    channelId: where.channelId,
    ...(where.threadId === undefined ? {} : { threadId: where.threadId }),
    direct: /^[DUW]/.test(where.channelId),
    extra: {
      ...(where.userId === undefined ? {} : { userId: where.userId }),
      ...(where.ephemeral === true ? { ephemeral: true } : {}),
      ...(where.ephemeral === true && where.threadId !== undefined ? { threadTs: where.threadId } : {}),
      ...(where.newThread === true ? { newThread: true } : {}),
    },
  };
}

/** The Slack part of a place; empty when another platform or an older version wrote it. */
export function extraOf(place: Place): SlackExtra {
  const parsed = extraSchema.safeParse(place.extra ?? {});
  return parsed.success ? parsed.data : {};
}

/** The thread of a place, if Slack knows it: whatever was asked in an ephemeral message has that message's own thread. */
export function threadOf(place: Place): string | undefined {
  const { ephemeral, threadTs } = extraOf(place);
  return ephemeral === true ? threadTs : place.threadId;
}

/** A place as a form carries it to its submission (private_metadata, at most 3,000 characters). */
export function encodePlace(place: Place): string {
  const { platform, teamId, channelId, threadId, direct } = place;
  return JSON.stringify({ platform, teamId, channelId, threadId, direct, extra: extraOf(place) });
}

/** The place that a form was opened in, or undefined when the form carries none. */
export function decodePlace(text: string): Place | undefined {
  try {
    const parsed = placeSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return undefined;
    const { platform, teamId, channelId, threadId, direct } = parsed.data;
    const extra = extraOf({ platform, teamId, channelId, direct, extra: parsed.data.extra ?? {} });
    return { platform, teamId, channelId, ...(threadId === undefined ? {} : { threadId }), direct, extra };
  } catch {
    return undefined; // not JSON: a form of another version
  }
}
