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
  /** Resolves when the answer is out. @throws UserError when the message to replace shows a run already. */
  start(job: Job): Promise<void>;
  /** Stops a running job: `ending` when its answer is on the way, `gone` when this process does not run it. */
  cancel(runId: string, by: User): 'stopping' | 'ending' | 'gone';
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
  message: MessageRef | undefined;
  cancelledBy: User | undefined;
  /** Its last card is on the way: who sees its buttons may press them, although the run is not written off yet. */
  answered: boolean;
  done: Promise<void>;
}

export function createRunner(options: RunnerOptions): Runner {
  const { services, store, logger, clock } = options;
  const active = new Map<string, Active>();

  async function start(job: Job): Promise<void> {
    if (job.command.private === true) return answerPrivately(job);
    if (job.message !== undefined && isRunning(job.message)) {
      throw new UserError('This is running already. Its card changes when it is done.');
    }
    const run = newRun(job);
    // Known from here on, so that a second press finds the message taken and Cancel works as soon as it can be seen.
    const entry: Active = {
      controller: new AbortController(),
      message: job.message,
      cancelledBy: undefined,
      answered: false,
      done: Promise.resolve(),
    };
    active.set(run.id, entry);
    entry.done = accept(job, run, entry).finally(() => active.delete(run.id));
    await entry.done;
  }

  /** Keeps the run and shows it before its work begins. */
  async function accept(job: Job, run: Run, entry: Active): Promise<void> {
    await store.putRun(run);
    const message = await showPlaceholder(job, run).catch(async (error: unknown) => {
      await store.putRun({ ...run, state: 'failed', endedAt: clock.now().toISOString() });
      throw error;
    });
    entry.message = message;
    const accepted: Run = { ...run, message: plainRef(message) };
    await store.putRun(accepted);
    const spacingMs = options.editSpacingMs(job.port.platform);
    const live = createLiveMessage({ port: job.port, message, runId: run.id, spacingMs, logger });
    await work(job, accepted, live, entry);
  }

  function isRunning(message: MessageRef): boolean {
    return [...active.values()].some(
      (entry) => !entry.answered && entry.message !== undefined && sameMessage(entry.message, message),
    );
  }

  /** Short answers that only the asker needs: no placeholder, nothing to cancel. */
  async function answerPrivately(job: Job): Promise<void> {
    const run = newRun(job);
    const outcome = await job.command.run(
      job.args,
      contextOf(job, new AbortController().signal, () => undefined),
    );
    const card = decorate(job, outcome.card);
    await store.putAnswer(run.id, card);
    await job.port.ephemeral(job.place, job.user, { card, runId: run.id, revision: 0 });
  }

  /** The card that says "running": in the message that is run again, or as a new one where that is gone. */
  async function showPlaceholder(job: Job, run: Run): Promise<MessageRef> {
    const answer = { card: decorate(job, runningCard(job.line)), runId: run.id, revision: 0 };
    try {
      if (job.message !== undefined) {
        await job.port.edit(job.message, answer);
        return job.message;
      }
    } catch (error) {
      if (!(error instanceof PlatformError) || error.kind !== 'not-found') throw error;
    }
    return job.port.post(job.place, answer);
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
      const progress = (card: Card): void => live.update(decorate(job, card));
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
    const shown = decorate(job, card);
    await store.putAnswer(run.id, shown);
    entry.answered = true;
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
      message: job.message === undefined ? null : plainRef(job.message),
      revision: 0,
      state: 'running',
      startedAt: clock.now().toISOString(),
      endedAt: null,
    };
  }
  function decorate({ command }: Job, card: Card): Card {
    return services.sandbox && command.looksOut === true ? { ...card, sandbox: true } : card;
  }
  return {
    start,
    cancel(runId, by) {
      const entry = active.get(runId);
      if (entry === undefined) return 'gone';
      if (entry.answered) return 'ending';
      entry.cancelledBy = by;
      entry.controller.abort();
      return 'stopping';
    },
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

function plainRef({ place, messageId }: MessageRef): NonNullable<Run['message']> {
  return { place: plain(place), messageId };
}

/** A copy that is only JSON, as the store keeps it. */
function plain(place: Place): Record<string, unknown> {
  return JSON.parse(JSON.stringify(place));
}
