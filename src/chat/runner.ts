import type { Card } from '../../cards/card.ts';
import { errorCard } from '../../cards/error-card.ts';
import { cancelledCard, runningCard } from '../../cards/running-card.ts';
import type { Command, CommandContext, InputFile } from '../../commands/command.ts';
import type { Services } from '../../commands/services.ts';
import type { Clock } from '../clock.ts';
import { PlatformError, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Run, Store } from '../store/store.ts';
import { createLiveMessage, type LiveMessage } from './live-message.ts';
import type { ChatPort, IncomingFile, MessageRef, Place, Platform, User } from './port.ts';

/** A command whose words are understood, ready to run. */
export interface Job {
  command: Command;
  args: Record<string, unknown>;
  /** The line that repeats it. */
  line: string;
  port: ChatPort;
  place: Place;
  user: User;
  files: IncomingFile[];
  /** The message to replace; without it a new one is posted. */
  message?: MessageRef;
}

/** Runs jobs: placeholder first, progress by edits, the answer last; each survives in the store. */
export interface Runner {
  start(job: Job): Promise<void>;
  /** Stops a running job; false when it is not running (any more). */
  cancel(runId: string, by: User): boolean;
  isRunning(message: MessageRef): boolean;
  stop(): Promise<void>;
}

export interface RunnerOptions {
  commands: readonly Command[];
  services: Services;
  store: Store;
  logger: Logger;
  clock: Clock;
  editSpacingMs: (platform: Platform) => number;
  newId: () => string;
}

interface Active {
  controller: AbortController;
  message: MessageRef;
  cancelledBy: User | undefined;
  done: Promise<void>;
}

export function createRunner(options: RunnerOptions): Runner {
  const { services, store, logger, clock } = options;
  const active = new Map<string, Active>();

  async function start(job: Job): Promise<void> {
    if (job.command.private === true) return answerPrivately(job);
    const run = newRun(job);
    await store.putRun(run);
    const message = await showPlaceholder(job, run);
    const accepted: Run = { ...run, message: { place: plain(message.place), messageId: message.messageId } };
    await store.putRun(accepted);
    const live = createLiveMessage({
      port: job.port,
      message,
      runId: run.id,
      spacingMs: options.editSpacingMs(job.port.platform),
      logger,
    });
    const controller = new AbortController();
    const entry: Active = { controller, message, cancelledBy: undefined, done: Promise.resolve() };
    active.set(run.id, entry);
    entry.done = work(job, accepted, live, entry).finally(() => active.delete(run.id));
    await entry.done;
  }

  /** Short answers that only the asker needs: no placeholder, nothing to cancel. */
  async function answerPrivately(job: Job): Promise<void> {
    const run = newRun(job);
    const outcome = await job.command.run(
      job.args,
      contextOf(job, new AbortController().signal, () => undefined),
    );
    const card = decorate(outcome.card);
    await store.putAnswer(run.id, card);
    await job.port.ephemeral(job.place, job.user, { card, runId: run.id, revision: 0 });
  }

  /** The card that says "running": in the message that is run again, or as a new one where that is gone. */
  async function showPlaceholder(job: Job, run: Run): Promise<MessageRef> {
    const answer = { card: decorate(runningCard(job.line)), runId: run.id, revision: 0 };
    try {
      if (job.message !== undefined) {
        await job.port.edit(job.message, answer);
        return job.message;
      }
    } catch (error) {
      if (!(error instanceof PlatformError) || error.kind !== 'not-found') throw error;
    }
    try {
      return await job.port.post(job.place, answer);
    } catch (error) {
      await store.putRun({ ...run, state: 'failed', endedAt: clock.now().toISOString() });
      throw error;
    }
  }

  function contextOf(job: Job, signal: AbortSignal, progress: (card: Card) => void): CommandContext {
    return {
      services,
      commands: options.commands,
      files: job.files.map((file) => inputFile(file, signal)),
      signal,
      progress,
      userId: `${job.place.platform}:${job.user.id}`,
      audience: job.place.direct ? 'private' : 'shared',
      surface: 'chat',
    };
  }

  async function work(job: Job, run: Run, live: LiveMessage, entry: Active): Promise<void> {
    let state: Run['state'] = 'done';
    let card: Card;
    try {
      const progress = (card: Card): void => live.update(decorate(card));
      const outcome = await job.command.run(job.args, contextOf(job, entry.controller.signal, progress));
      card = outcome.card;
    } catch (error) {
      if (entry.controller.signal.aborted) {
        state = 'cancelled';
        card = cancelledCard(job.line, entry.cancelledBy?.name ?? 'a restart');
      } else {
        state = 'failed';
        card = failureCard(error, run.id, logger);
      }
    }
    const shown = decorate(card);
    await store.putAnswer(run.id, shown);
    await live.finish(shown);
    await store.putRun({ ...run, state, revision: live.revision, endedAt: clock.now().toISOString() });
    logger.info({ run: run.id, command: run.command, state, platform: job.port.platform }, 'command answered');
  }

  function newRun(job: Job): Run {
    return {
      id: options.newId(),
      line: job.line,
      command: job.command.name,
      userId: job.user.id,
      userName: job.user.name,
      place: plain(job.place),
      message: null,
      revision: 0,
      state: 'running',
      startedAt: clock.now().toISOString(),
      endedAt: null,
    };
  }
  function decorate(card: Card): Card {
    return services.sandbox ? { ...card, sandbox: true } : card;
  }
  return {
    start,
    cancel(runId, by) {
      const entry = active.get(runId);
      if (entry === undefined) return false;
      entry.cancelledBy = by;
      entry.controller.abort();
      return true;
    },
    isRunning: (message) => [...active.values()].some((entry) => sameMessage(entry.message, message)),
    async stop() {
      for (const entry of active.values()) entry.controller.abort();
      await Promise.allSettled([...active.values()].map((entry) => entry.done));
    },
  };
}

/** What a person may read of an error: a UserError as it is, anything else an id that stands in the log. */
export function failureCard(error: unknown, id: string, logger: Logger): Card {
  if (error instanceof UserError) return errorCard(error);
  logger.error({ err: error, run: id }, 'command failed by a bug');
  return errorCard(
    new UserError(`That went wrong on our side. Quote ${id} to whoever runs mailmedic, then try again.`),
  );
}

function inputFile(file: IncomingFile, signal: AbortSignal): InputFile {
  return { name: file.name, ...(file.size === undefined ? {} : { size: file.size }), open: () => file.open(signal) };
}

function sameMessage(a: MessageRef, b: MessageRef): boolean {
  return (
    a.messageId === b.messageId && a.place.channelId === b.place.channelId && a.place.platform === b.place.platform
  );
}

/** A copy that is only JSON, as the store keeps it. */
function plain(place: Place): Record<string, unknown> {
  return JSON.parse(JSON.stringify(place));
}
