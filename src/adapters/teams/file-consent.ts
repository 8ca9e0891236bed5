import { z } from 'zod';
import type { CardFile } from '../../../cards/card.ts';
import type { ChatPort, MessageRef, Place } from '../../chat/port.ts';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { TeamsActivity } from './activity.ts';
import { allowedUrl } from './allowed-url.ts';
import { storedFileMessage } from './file-cards.ts';
import type { FileDoor } from './file-hosts.ts';
import type { FileOffers } from './file-offers.ts';
import type { TeamsSender } from './teams-sender.ts';

const MAX = 4096;
const consentSchema = z.object({
  action: z.enum(['accept', 'decline']),
  context: z.object({ mmFile: z.string().min(1).max(64) }),
  uploadInfo: z
    .object({
      contentUrl: z.string().max(MAX),
      name: z.string().max(MAX),
      uploadUrl: z.string().max(MAX),
      uniqueId: z.string().max(MAX),
      fileType: z.string().max(64).default('txt'),
    })
    .optional(),
});

const TIMEOUT_MS = 60_000;

/** What is needed to hand over a file that was agreed to. */
export interface ConsentParts {
  port: ChatPort;
  sender: TeamsSender;
  offers: FileOffers;
  door: FileDoor;
  logger: Logger;
}

/** The person took or declined an offered file (Teams: "Send and receive files through a bot"). */
export async function answerConsent(activity: TeamsActivity, place: Place, parts: ConsentParts): Promise<void> {
  const parsed = consentSchema.safeParse(activity.value);
  if (!parsed.success) return;
  const { action, context, uploadInfo } = parsed.data;
  const file = parts.offers.take(context.mmFile, place.channelId);
  if (action === 'accept' && (file === undefined || uploadInfo === undefined)) {
    await sayGone(parts.port, place);
  } else if (action === 'accept' && file !== undefined && uploadInfo !== undefined) {
    const trouble = await put(file, uploadInfo.uploadUrl, parts.door);
    if (trouble !== undefined) {
      parts.logger.warn({ reason: trouble }, 'teams: an offered file could not be stored');
      await sayFailed(parts, place, file, trouble);
      return;
    }
    await parts.sender.send(place, storedFileMessage(uploadInfo, file.title));
  }
  if (activity.replyToId !== undefined) await removeQuietly({ place, messageId: activity.replyToId }, parts);
}

/** Stores the file; the words of what went wrong, or undefined. */
async function put(file: CardFile, uploadUrl: string, door: FileDoor): Promise<string | undefined> {
  const url = allowedUrl(uploadUrl, door.hosts);
  if (url === undefined) return 'the address to store it at is not one of Microsoft’s file hosts';
  const body = Buffer.from(file.content);
  const range = `bytes 0-${body.length - 1}/${body.length}`;
  try {
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', 'content-range': range },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `the file store answered ${response.status}`;
  } catch (error) {
    return messageOf(error);
  }
}

async function sayGone(port: ChatPort, place: Place): Promise<void> {
  await port.post(place, {
    card: {
      kind: 'file',
      state: 'info',
      title: 'That file is not kept any more',
      steps: ['Run the command again: the answer comes with a new file. Files are kept for an hour.'],
    },
  });
}

async function sayFailed(parts: ConsentParts, place: Place, file: CardFile, trouble: string): Promise<void> {
  await parts.port.post(place, {
    card: {
      kind: 'file',
      state: 'failed',
      title: `${file.name} could not be stored: ${trouble}`,
      steps: ['Take the new offer below.'],
    },
  });
  await parts.port.upload(place, file);
}

/** The question is answered, so its card goes; that it stays is no harm. */
async function removeQuietly(ref: MessageRef, { sender, logger }: ConsentParts): Promise<void> {
  try {
    await sender.remove(ref);
  } catch (error) {
    logger.debug({ err: error }, 'teams: the consent card stays');
  }
}
