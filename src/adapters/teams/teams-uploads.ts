import { createHash } from 'node:crypto';
import type { CardFile } from '../../../cards/card.ts';
import { renderAdaptiveCard } from '../../../cards/render/adaptive-card.ts';
import type { Place, User } from '../../chat/port.ts';
import { createSeen } from '../../chat/seen.ts';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { cardMessage, consentMessage, fileAsMessages } from './file-cards.ts';
import type { FileOffers } from './file-offers.ts';
import { extraOf } from './place.ts';
import type { TeamsSender } from './teams-sender.ts';

/** Puts files beside answers; `to` as in {@link TeamsSender.send}. */
export interface TeamsUploads {
  /** @throws PlatformError */
  upload(place: Place, file: CardFile, to?: User): Promise<void>;
  /** The files of a message: each once, however often its card is edited. Trouble is told, not thrown. */
  attach(place: Place, messageId: string, files: CardFile[], to?: User): Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * In a personal chat a file is offered and stored when the person agrees; elsewhere Teams takes none from bots and its
 * text is shown. An empty file is shown, too: it cannot be stored (its Content-Range would be empty).
 */
export function createTeamsUploads(parts: {
  sender: TeamsSender;
  offers: FileOffers;
  clock: Clock;
  logger: Logger;
}): TeamsUploads {
  const { sender, offers, clock, logger } = parts;
  const attached = createSeen({ ttlMs: DAY_MS, max: 10_000, now: () => clock.elapsed() });

  async function upload(place: Place, file: CardFile, to?: User): Promise<void> {
    const options = to === undefined ? {} : { to };
    const storable = extraOf(place).kind === 'personal' && file.content !== '';
    const messages = storable ? [consentMessage(file, offers.offer(place, file))] : fileAsMessages(file);
    for (const message of messages) await sender.send(place, message, options);
  }

  async function attachOne(place: Place, messageId: string, file: CardFile, to?: User): Promise<void> {
    const digest = createHash('sha256').update(file.content).digest('base64url');
    if (!attached.first(`${place.channelId} ${messageId} ${file.name} ${digest}`)) return;
    try {
      await upload(place, file, to);
    } catch (error) {
      // The answer itself stands: a file that cannot follow must not make it look failed.
      logger.warn({ err: error, file: file.name }, 'teams: a file could not be put beside its answer');
      const title = `The file ${file.name} could not be put here. ${messageOf(error)}`;
      const note = renderAdaptiveCard({ kind: 'file', state: 'degraded', title });
      await sender
        .send(place, cardMessage(note.card, note.summary), to === undefined ? {} : { to })
        .catch((again: unknown) => {
          logger.warn({ err: again }, 'teams: nor could that be said');
        });
    }
  }

  return {
    upload,
    async attach(place, messageId, files, to) {
      for (const file of files) await attachOne(place, messageId, file, to);
    },
  };
}
