import type { Card } from '../../cards/card.ts';
import type { Logger } from '../log.ts';
import type { ChatPort, MessageRef } from './port.ts';

/**
 * One message whose card changes while work goes on. Edits are spaced so that the platform is not flooded, never
 * overtake one another, and the last card always arrives.
 */
export interface LiveMessage {
  /** Shows a card of the work so far; skipped when a newer one comes within the spacing. */
  update(card: Card): void;
  /** Shows the last card; resolves when the platform has it. */
  finish(card: Card): Promise<void>;
  readonly revision: number;
}

export interface LiveMessageOptions {
  port: ChatPort;
  message: MessageRef;
  runId: string;
  /** Least time between two edits, in milliseconds. */
  spacingMs: number;
  logger: Logger;
}

export function createLiveMessage(options: LiveMessageOptions): LiveMessage {
  const { port, message, runId, spacingMs, logger } = options;
  let revision = 0;
  let latest: Card | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let finished = false;

  function send(card: Card): Promise<void> {
    revision += 1;
    return port.edit(message, { card, runId, revision });
  }
  function flush(): void {
    timer = undefined;
    const card = latest;
    latest = undefined;
    if (card === undefined || finished) return;
    sending = sending
      .then(() => send(card))
      .catch((error: unknown) => logger.warn({ err: error, runId }, 'progress edit failed'));
  }
  return {
    get revision() {
      return revision;
    },
    update(card) {
      if (finished) return;
      latest = card;
      timer ??= setTimeout(flush, spacingMs);
    },
    async finish(card) {
      finished = true;
      clearTimeout(timer);
      await sending;
      await send(card);
    },
  };
}
