import type { Card } from '../../cards/card.ts';
import { PlatformError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { ChatPort, Place, User } from './port.ts';

/** Tells one person something that is nobody else's business; where no private word is possible, says nothing in public. */
export async function sayPrivately(options: {
  port: ChatPort;
  place: Place;
  user: User;
  card: Card;
  logger: Logger;
}): Promise<void> {
  const { port, place, user, card, logger } = options;
  try {
    await port.ephemeral(place, user, { card });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    logger.warn({ err: error, platform: port.platform, kind: error.kind }, 'private answer not possible');
  }
}
