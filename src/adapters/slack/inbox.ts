import type { ChatHandler, ChatPort } from '../../chat/port.ts';
import type { Logger } from '../../log.ts';
import type { SlackFiles } from './slack-files.ts';

/** What the listeners of all kinds share. */
export interface Inbox {
  port: ChatPort;
  handler: ChatHandler;
  files: SlackFiles;
  logger: Logger;
  /** Names without the slash. */
  commands: readonly string[];
  /** Our own user id, once Slack has told it. */
  botUserId(): string | undefined;
  /** True the first time a delivery comes; Slack sends again what it believes lost. */
  first(deliveryId: string | undefined): boolean;
  /** Resolves when the acknowledgement may leave; the work goes on. See src/chat/in-flight.ts. */
  run(event: string, work: (kept: () => void) => Promise<void>): Promise<void>;
}

/** `trigger` of commands and presses, as the port's openForm takes it. */
export function triggerOf(triggerId: string | undefined): { trigger?: { triggerId: string } } {
  return triggerId === undefined ? {} : { trigger: { triggerId } };
}

/** `deliveryId` of an incoming thing, when it has one. */
export function deliveryOf(deliveryId: string | undefined): { deliveryId?: string } {
  return deliveryId === undefined ? {} : { deliveryId };
}
