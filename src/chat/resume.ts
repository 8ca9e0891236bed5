import { interruptedCard } from '../../cards/running-card.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { ChatPort, MessageRef, Place, Platform } from './port.ts';

/**
 * After a crash or restart: every run that was accepted but not answered gets its answer, "interrupted, press to run again",
 * in the message that still says "running", or as a new one where the crash came before it was posted.
 */
export async function resumeRuns(options: {
  store: Store;
  ports: ReadonlyMap<Platform, ChatPort>;
  logger: Logger;
  clock: Clock;
}): Promise<void> {
  const { store, ports, logger, clock } = options;
  for (const run of await store.unfinishedRuns()) {
    const place = run.place as unknown as Place;
    const port = ports.get(place.platform);
    if (port === undefined) continue;
    const answer = { card: interruptedCard(run.line, run.startedAt), runId: run.id, revision: run.revision + 1 };
    try {
      if (run.message === null) await port.post(place, answer);
      else await port.edit(run.message as unknown as MessageRef, answer);
    } catch (error) {
      logger.warn({ err: error, run: run.id }, 'could not tell that a run was interrupted');
    }
    await store.putRun({ ...run, state: 'interrupted', endedAt: clock.now().toISOString() });
  }
}
