import type { Card } from '../../cards/card.ts';
import { interruptedCard } from '../../cards/running-card.ts';
import type { Clock } from '../clock.ts';
import { PlatformError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Run, Store } from '../store/store.ts';
import { createPatientPort } from './patient-port.ts';
import type { ChatPort, MessageRef, Place, Platform } from './port.ts';

/**
 * After a crash or restart: every run that was accepted but not answered gets its answer, or "interrupted, press to run
 * again", in the message that still says "running", or as a new one where the crash came before it was posted. What a
 * platform cannot take now, or before `signal` ends the waiting, is left for the next restart. Never throws.
 */
export async function resumeRuns(
  left: readonly Run[],
  options: {
    store: Store;
    ports: ReadonlyMap<Platform, ChatPort>;
    logger: Logger;
    clock: Clock;
    signal: AbortSignal;
  },
): Promise<void> {
  const { store, ports, logger, clock, signal } = options;
  await Promise.all(
    left.map(async (run) => {
      const port = ports.get((run.place as unknown as Place).platform);
      if (port === undefined) return;
      try {
        await tellEnd(run, { store, port: createPatientPort(port, logger, { signal }), clock });
      } catch (error) {
        logger.warn({ err: error, run: run.id }, 'could not tell that a run was interrupted');
        if (error instanceof PlatformError && error.retryable) return;
        await writeOff(run, { store, clock }).catch((again: unknown) =>
          logger.error({ err: again, run: run.id }, 'an interrupted run could not be written off'),
        );
      }
    }),
  );
}

/**
 * Ends a run that no process works on: its answer, where it was found but not shown, else "interrupted". It stands in
 * `message`, in the run's own message, or in a new one.
 * @throws PlatformError when the platform does not take it.
 */
export async function tellEnd(
  run: Run,
  { store, port, clock, message }: { store: Store; port: ChatPort; clock: Clock; message?: MessageRef },
): Promise<void> {
  const found = (await store.getAnswer(run.id)) as Card | undefined;
  const answer = {
    card: found ?? interruptedCard(run.line, run.startedAt),
    runId: run.id,
    revision: run.revision + 1,
  };
  const shown = message ?? (run.message as unknown as MessageRef | null);
  if (shown === null) await port.post(run.place as unknown as Place, answer);
  else await port.edit(shown, answer);
  await writeOff({ ...run, revision: answer.revision }, { store, clock }, found === undefined ? 'interrupted' : 'done');
}

async function writeOff(
  run: Run,
  { store, clock }: { store: Store; clock: Clock },
  state: Run['state'] = 'interrupted',
): Promise<void> {
  await store.putRun({ ...run, state, endedAt: clock.now().toISOString() });
}
