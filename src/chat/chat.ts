import { randomBytes } from 'node:crypto';
import type { Command } from '../../commands/command.ts';
import type { Services } from '../../commands/services.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Run, Store } from '../store/store.ts';
import { createFormHandler } from './handle-form.ts';
import { createPressHandler } from './handle-press.ts';
import { createPatientPort } from './patient-port.ts';
import type { ChatHandler, ChatPort, Incoming, Platform } from './port.ts';
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
  /**
   * Answers for what a crash left open: every message that still says "running" is told the truth. `left` are the
   * unfinished runs as they were found before a platform could bring new ones. Takes as long as the platforms do; never
   * throws.
   */
  resume(ports: ReadonlyMap<Platform, ChatPort>, left: readonly Run[]): Promise<void>;
  /** Cancels what runs and waits a little until its last cards are out. */
  stop(): Promise<void>;
}

/** Slack allows about one edit a second and channel, Teams two; the browser page is ours. */
const EDIT_SPACING_MS: Record<Platform, number> = { slack: 1000, teams: 1000, web: 120 };

/** Repeats of a delivery come within minutes; ten cover every platform's retry plan. */
const REPEAT_WINDOW_MS = 600_000;

/** How long the last cards may take when the process stops; what a platform puts off longer is shown after the start. */
const STOP_WAITS_MS = 3_000;

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
  const stopped = new AbortController();
  let resumed = Promise.resolve();
  const seen = createSeen({ ttlMs: REPEAT_WINDOW_MS, max: 10_000, now: () => clock.elapsed() });

  async function once<T extends Incoming>(
    kind: string,
    incoming: T,
    handle: (incoming: T) => Promise<void>,
  ): Promise<void> {
    const id = incoming.deliveryId;
    if (id !== undefined && !seen.first(`${incoming.port.platform} ${kind} ${id}`)) return;
    try {
      // Every handler keeps the run before it calls the platform, so the first call shows that nothing can be lost.
      const port = createPatientPort(incoming.port, logger, { onCall: incoming.kept, signal: stopped.signal });
      await handle({ ...incoming, port });
    } catch (error) {
      logger.error({ err: error, kind, platform: incoming.port.platform }, 'chat event failed');
    }
  }
  return {
    command: (incoming) => once('command', incoming, handlers.command),
    press: (incoming) => once('press', incoming, handlers.press),
    form: (incoming) => once('form', incoming, handlers.form),
    resume(ports, left) {
      resumed = resumeRuns(left, { store, ports, logger, clock, signal: stopped.signal });
      return resumed;
    },
    async stop() {
      const giveUp = setTimeout(() => stopped.abort(), STOP_WAITS_MS);
      await runner.stop();
      clearTimeout(giveUp);
      stopped.abort();
      await resumed;
    },
  };
}

/** Short, unguessable, safe in a file name and a button value. */
function newId(): string {
  return randomBytes(9).toString('base64url');
}
