import { z } from 'zod';
import type { Place, User } from '../../chat/port.ts';
import { PlatformError } from '../../errors.ts';
import type { TeamsActivity } from './activity.ts';

const extraSchema = z.object({
  /** From a validated activity; checked against the allow-list again before each use. */
  serviceUrl: z.string(),
  kind: z.enum(['personal', 'groupChat', 'channel']),
  /** The bot's own id in this conversation (`28:<app id>`). */
  botId: z.string(),
  /** Everything sent to this place is shown to this person only (a targeted message), although others are in the room. */
  onlyFor: z.object({ id: z.string(), name: z.string() }).optional(),
  /** The private message that is answered; Teams shows it above the answer. */
  promptId: z.string().optional(),
});

/** What the adapter keeps in {@link Place.extra}: plain JSON, enough to answer after a restart. */
export type TeamsExtra = z.infer<typeof extraSchema>;

const KINDS: Record<string, TeamsExtra['kind']> = { personal: 'personal', groupChat: 'groupChat', channel: 'channel' };

/**
 * Where an activity happened. A channel's conversation id carries the thread (`19:…@thread.tacv2;messageid=<root>`).
 * A private (targeted) message gives a place that is `direct`: whatever is sent there reaches that person alone.
 */
export function placeOf(activity: TeamsActivity, options: { private: boolean }): Place {
  const [channelId = '', ...parameters] = activity.conversation.id.split(';');
  const threadId = parameters.find((part) => part.startsWith('messageid='))?.slice('messageid='.length);
  const kind = KINDS[activity.conversation.conversationType ?? ''] ?? (threadId ? 'channel' : 'groupChat');
  const onlyFor = options.private && kind !== 'personal' && activity.from ? userOf(activity.from) : undefined;
  const promptId = activity.recipient.isTargeted === true && activity.type === 'message' ? activity.id : undefined;
  const extra: TeamsExtra = {
    serviceUrl: activity.serviceUrl,
    kind,
    botId: activity.recipient.id,
    ...(onlyFor ? { onlyFor } : {}),
    ...(onlyFor && promptId ? { promptId } : {}),
  };
  return {
    platform: 'teams',
    teamId: activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? '',
    channelId,
    ...(threadId ? { threadId } : {}),
    direct: kind === 'personal' || onlyFor !== undefined,
    extra,
  };
}

/**
 * What the adapter kept in a place.
 * @throws PlatformError `invalid` when the place was not made by this adapter.
 */
export function extraOf(place: Place): TeamsExtra {
  const parsed = extraSchema.safeParse(place.extra);
  if (place.platform !== 'teams' || !parsed.success) {
    throw new PlatformError('invalid', 'This place holds no Teams conversation, so nothing can be sent to it.');
  }
  return parsed.data;
}

/**
 * The conversation id for the connector. Only channels have threads; there a message without one starts a new thread.
 */
export function conversationIdOf(place: Place): string {
  const thread = place.threadId;
  return thread === undefined || extraOf(place).kind !== 'channel'
    ? place.channelId
    : `${place.channelId};messageid=${thread}`;
}

/** A person as the port names them; the id stands in for a missing name. */
export function userOf(account: { id: string; name?: string | undefined }): User {
  return { id: account.id, name: account.name === undefined || account.name === '' ? account.id : account.name };
}
