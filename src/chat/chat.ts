import { randomBytes } from 'node:crypto';
import type { Command } from '../../commands/command.ts';
import type { Services } from '../../commands/services.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import { createFormHandler } from './handle-form.ts';
import { createPressHandler } from './handle-press.ts';
import { createPatientPort } from './patient-port.ts';
import type { ChatHandler, ChatPort, Platform } from './port.ts';
import { resumeRuns } from './resume.ts';
import { createCommandHandler } from './run-command.ts';
import { createRunner } from './runner.ts';
import { createSeen } from './seen.ts';

/** What the chat layer needs; app.ts gives the real ones. */
export interface ChatOptions {
  commands: readonly Command[];
  services: Services;
  store: Store;
  logger: Logger;
  clock: Clock;
  /** Least time between two edits of one message, in milliseconds. */
  editSpacingMs?: Partial<Record<Platform, number>>;
}

export interface Chat extends ChatHandler {
  /** Answers for what a crash left open: every message that still says "running" is told the truth. */
  resume(ports: ReadonlyMap<Platform, ChatPort>): Promise<void>;
  /** Cancels what runs and waits until its last cards are out. */
  stop(): Promise<void>;
}

/** Slack allows about one edit a second and channel, Teams two; the browser page is ours. */
const EDIT_SPACING_MS: Record<Platform, number> = { slack: 1000, teams: 1000, web: 120 };

/** Repeats of a delivery come within minutes; ten cover every platform's retry plan. */
const REPEAT_WINDOW_MS = 600_000;

/** Joins the platform-neutral parts of the chat side: commands, presses, forms, restarts. */
export function createChat(options: ChatOptions): Chat {
  const { logger, clock, store } = options;
  const spacing = { ...EDIT_SPACING_MS, ...options.editSpacingMs };
  const runner = createRunner({ ...options, editSpacingMs: (platform) => spacing[platform], newId });
  const handlers = {
    command: createCommandHandler({ ...options, runner }),
    press: createPressHandler({ ...options, runner }),
    form: createFormHandler({ ...options, runner }),
  };
  const seen = createSeen({ ttlMs: REPEAT_WINDOW_MS, max: 10_000, now: () => clock.elapsed() });

  async function once<T extends { deliveryId?: string; port: ChatPort }>(
    kind: string,
    incoming: T,
    handle: (incoming: T) => Promise<void>,
  ): Promise<void> {
    const id = incoming.deliveryId;
    if (id !== undefined && !seen.first(`${incoming.port.platform} ${kind} ${id}`)) return;
    try {
      await handle({ ...incoming, port: createPatientPort(incoming.port, logger) });
    } catch (error) {
      logger.error({ err: error, kind, platform: incoming.port.platform }, 'chat event failed');
    }
  }
  return {
    command: (incoming) => once('command', incoming, handlers.command),
    press: (incoming) => once('press', incoming, handlers.press),
    form: (incoming) => once('form', incoming, handlers.form),
    resume: (ports) => resumeRuns({ store, ports, logger, clock }),
    stop: () => runner.stop(),
  };
}

/** Short, unguessable, safe in a file name and a button value. */
function newId(): string {
  return randomBytes(9).toString('base64url');
}
