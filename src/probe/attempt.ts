import type { Attempt } from './attempt-context.ts';
import { sessionProblem } from './classify.ts';
import { deliver } from './deliver.ts';
import { greet } from './greet.ts';
import { nameHandshakeProblem } from './legacy-tls.ts';
import { openSession } from './open-session.ts';
import type { ProbeAttempt } from './report.ts';
import { secure } from './secure.ts';
import type { SmtpSession } from './session.ts';
import { SessionError } from './session-error.ts';
import { tlsName } from './tls-failure.ts';

export interface AttemptOutcome {
  report: ProbeAttempt;
  /** A sender would return the mail now instead of trying the next address. */
  endsDelivery: boolean;
}

/** Node's timers may fire up to a millisecond early. */
const TIMER_SLACK_MS = 2;

/**
 * Talks to one address as deep as the settings say. Whatever the peer does becomes the report.
 * @throws SessionError of kind `cancelled` when the signal is aborted.
 */
export async function runAttempt(attempt: Attempt): Promise<AttemptOutcome> {
  const { record, settings } = attempt;
  try {
    await converse(attempt);
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind === 'cancelled' || error.kind === 'bad-argument') throw error;
    const { port } = record.plan;
    record.lastReply = error.goodbye ?? record.lastReply;
    const { lastReply, recipientAccepted } = record;
    const timeUp = error.kind === 'timeout' && settings.clock.elapsed() >= settings.deadlineAt - TIMER_SLACK_MS;
    const problem = sessionProblem(error, { port, lastReply, recipientAccepted, timeUp });
    const inHandshake = settings.implicitTls && error.stage === 'tls';
    const before = timeUp && record.clocks.length > 1 ? record.tlsProblem() : undefined;
    if (before !== undefined) {
      // The handshake took the time that plain text would have needed; the peer is not to blame for a second stage.
      record.fail({
        ...before,
        words: `${before.words}; the time of the probe was up before mail without TLS was tried`,
      });
    } else record.fail(inHandshake ? await nameHandshakeProblem(attempt, problem, error.errno) : problem);
  }
  return { report: record.report(), endsDelivery: record.problem()?.endsDelivery ?? false };
}

async function converse(attempt: Attempt): Promise<void> {
  const { record, settings } = attempt;
  const first = await openSession(attempt, 'modern');
  if (first === undefined) return;
  let session: SmtpSession | undefined = first;
  try {
    record.achieved = `answers on port ${record.plan.port}`;
    if (settings.depth === 'connect') return await session.farewell();
    if (!(await greet(attempt, session))) return await session.farewell();
    const next = await secure(attempt, session);
    if (next === 'reconnect') {
      session.abort();
      session = await reopenInPlainText(attempt);
    }
    if (session === undefined) return;
    if (session.tls !== undefined)
      record.achieved = `answers with ${tlsName(session.tls.protocol)} and a valid certificate`;
    if (next !== 'stop' && settings.depth !== 'tls') await deliver(attempt, session);
    await session.farewell({ reset: record.recipientAccepted && settings.depth === 'rcpt' });
  } finally {
    session?.abort();
  }
}

/** After a failed handshake: does mail still flow without TLS, as an opportunistic sender would do it (RFC 7435)? */
async function reopenInPlainText(attempt: Attempt): Promise<SmtpSession | undefined> {
  attempt.record.transcript.event('trying again without TLS');
  const session = await openSession(attempt, 'modern');
  if (session === undefined) return undefined;
  if (await greet(attempt, session)) return session;
  await session.farewell();
  return undefined;
}
