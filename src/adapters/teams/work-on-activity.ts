import { lineWithFiles } from '../../chat/line-with-files.ts';
import type { ChatHandler, ChatPort, Place, User } from '../../chat/port.ts';
import type { Seen } from '../../chat/seen.ts';
import { PlatformError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { TeamsActivity } from './activity.ts';
import { type CardInput, cardInputOf } from './card-data.ts';
import { commandText, mentionsBot } from './command-text.ts';
import { answerConsent, type ConsentParts } from './file-consent.ts';
import { hasUnreachableFile, incomingFiles } from './incoming-files.ts';
import { CARD_ACTION, FILE_CONSENT } from './invoke-answer.ts';
import { extraOf, placeOf, userOf } from './place.ts';
import { formTrigger } from './teams-port.ts';
import { unreachableFileCard, welcomeCard } from './welcome-card.ts';

/** What the work on an activity needs. */
export interface WorkParts extends ConsentParts {
  handler: ChatHandler;
  /** Says that the activity is kept. */
  kept: () => void;
  commands: readonly string[];
  /** Conversations that were greeted: Teams tells of one installation in two ways. */
  greeted: Seen;
}

/** Does what an accepted activity asks for, after its request was answered. Kinds that are not ours are nothing to do. */
export async function workOnActivity(activity: TeamsActivity, parts: WorkParts): Promise<void> {
  switch (activity.type) {
    case 'message':
      return onMessage(activity, parts);
    case 'invoke':
      return onInvoke(activity, parts);
    case 'installationUpdate':
      return activity.action === 'add' ? greet(activity, parts) : undefined;
    case 'conversationUpdate':
      return activity.membersAdded.some(({ id }) => id === activity.recipient.id) ? greet(activity, parts) : undefined;
  }
}

async function onMessage(activity: TeamsActivity, parts: WorkParts): Promise<void> {
  if (activity.from === undefined) return;
  const input = cardInputOf(activity);
  if (input !== undefined) return onCardInput(activity, input, parts);
  const asked = activity.recipient.isTargeted === true;
  const place = placeOf(activity, { private: asked });
  const personal = extraOf(place).kind === 'personal';
  // With a permission to read all messages Teams sends us what is not for us, too.
  if (!personal && !asked && !mentionsBot(activity)) return;
  const user = userOf(activity.from);
  const files = incomingFiles(activity, parts.door);
  if (!personal && hasUnreachableFile(activity)) await sayUnreachable(place, user, parts);
  const names = files.map((file) => file.name);
  await parts.handler.command({
    kept: parts.kept,
    port: parts.port,
    place,
    user,
    line: lineWithFiles(commandText(activity), names, parts.commands),
    ...(files.length === 0 ? {} : { files }),
    trigger: formTrigger(user),
    ...delivery(activity),
  });
}

async function onInvoke(activity: TeamsActivity, parts: WorkParts): Promise<void> {
  if (activity.name === FILE_CONSENT) return answerConsent(activity, placeOf(activity, { private: false }), parts);
  const input = activity.name === CARD_ACTION ? cardInputOf(activity) : undefined;
  if (input !== undefined) await onCardInput(activity, input, parts);
}

async function onCardInput(activity: TeamsActivity, input: CardInput, parts: WorkParts): Promise<void> {
  if (activity.from === undefined) return;
  const { port, handler, kept } = parts;
  const place = placeOf(activity, { private: input.private || activity.recipient.isTargeted === true });
  const user = userOf(activity.from);
  if (input.kind === 'form') {
    const { command, values } = input;
    return handler.form({ kept, port, place, user, command, values, files: [], ...delivery(activity) });
  }
  // Without the id of its message a press can still be answered, only not in the message itself.
  const message = { place, messageId: activity.replyToId ?? activity.id ?? '' };
  return handler.press({
    kept,
    port,
    place,
    user,
    value: input.value,
    message,
    trigger: formTrigger(user),
    ...delivery(activity),
  });
}

async function greet(activity: TeamsActivity, parts: WorkParts): Promise<void> {
  const place = placeOf(activity, { private: false });
  if (!parts.greeted.first(place.channelId)) return;
  try {
    await parts.port.post(place, { card: welcomeCard(extraOf(place).kind, parts.commands) });
  } catch (error) {
    logPlatform(error, parts.logger, 'teams: the welcome could not be posted');
  }
}

async function sayUnreachable(
  place: Place,
  user: User,
  { port, logger }: { port: ChatPort; logger: Logger },
): Promise<void> {
  try {
    await port.ephemeral(place, user, { card: unreachableFileCard() });
  } catch (error) {
    logPlatform(error, logger, 'teams: could not say that the file is out of reach');
  }
}

function logPlatform(error: unknown, logger: Logger, message: string): void {
  if (!(error instanceof PlatformError)) throw error;
  logger.warn({ err: error, kind: error.kind }, message);
}

/** Activity ids are unique within their conversation. */
function delivery(activity: TeamsActivity): { deliveryId?: string } {
  return activity.id === undefined ? {} : { deliveryId: `${activity.conversation.id} ${activity.id}` };
}
