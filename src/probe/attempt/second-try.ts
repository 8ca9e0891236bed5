import type { Problem } from '../faults/problem.ts';
import type { Attempt } from './attempt-context.ts';
import { greylistWait, saySeconds, waitOut } from './greylist.ts';

/** One conversation; what comes of it is in the record. */
type Go = (attempt: Attempt) => Promise<void>;

/**
 * Has the conversation, and has it once more where the first time settles nothing: with commands one by one when sending
 * them together may be what went wrong, and after a wait when the server greylists.
 * @throws SessionError of kind `cancelled`.
 */
export async function withSecondTries(attempt: Attempt, go: Go): Promise<void> {
  const { clock } = attempt.settings;
  const began = clock.elapsed();
  await go(attempt);
  const tookMs = clock.elapsed() - began;
  const last = needsLockstep(attempt, tookMs) ? await goInLockstep(attempt, go) : attempt;
  await goAfterGreylisting(last, go, tookMs);
}

/**
 * True when the pipelined conversation broke or lost count of its replies. A server that offers PIPELINING and cannot do
 * it (there are such) must not look broken to everybody; and one that is broken must show it to plain commands too.
 */
function needsLockstep({ record, settings }: Attempt, tookMs: number): boolean {
  const lost = record.brokeAt === 'mail' || record.brokeAt === 'rcpt';
  // A message that may have been taken is never sent twice.
  if (!record.pipelined || record.messageId !== null || !(record.outOfStep || lost)) return false;
  return settings.deadlineAt - settings.clock.elapsed() > tookMs;
}

async function goInLockstep({ record, settings }: Attempt, go: Go): Promise<Attempt> {
  const before = record.problem();
  const attempt: Attempt = { record, settings: { ...settings, pipelining: 'off' } };
  record.transcript.event('trying again without PIPELINING');
  record.startOver();
  await go(attempt);
  if (!sameFault(before, record.problem())) {
    record.notes.add(
      'The server offers PIPELINING but goes wrong when commands are sent together; they were sent one by one.',
    );
  }
  return attempt;
}

function sameFault(one: Problem | undefined, other: Problem | undefined): boolean {
  return one?.errorType === other?.errorType && one?.cause === other?.cause && one?.stage === other?.stage;
}

/** RFC 6647: whoever comes back after the delay is let in, from the same address, with the same envelope and name. */
async function goAfterGreylisting(attempt: Attempt, go: Go, tookMs: number): Promise<void> {
  const { record, settings } = attempt;
  if (record.greylisted === undefined) return;
  const { reply, stage } = record.greylisted;
  const leftMs = settings.deadlineAt - settings.clock.elapsed();
  const waitMs = greylistWait(reply, { mayWaitMs: settings.greylistWaitMs, leftMs, tookMs });
  if (waitMs === undefined) return;
  await waitOut(attempt, stage, waitMs);
  record.startOver();
  record.waitedMs = waitMs;
  await go(attempt);
  if (record.greylisted !== undefined) return;
  const outcome = record.verdict() === 'failed' ? 'tried again' : 'accepted';
  record.notes.add(`Greylisted at first; ${outcome} after ${saySeconds(waitMs)}.`);
}
