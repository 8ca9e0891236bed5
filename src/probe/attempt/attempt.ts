import { sessionProblem } from '../faults/classify.ts';
import type { ProbeAttempt } from '../report.ts';
import { SessionError } from '../session/session-error.ts';
import { nameHandshakeProblem } from '../tls/legacy-tls.ts';
import { scanTls } from '../tls/tls-scan.ts';
import type { Attempt } from './attempt-context.ts';
import { converse } from './converse.ts';
import { withSecondTries } from './second-try.ts';

/** What came of one address, and what a sender would do then. */
export interface AttemptOutcome {
  report: ProbeAttempt;
  /** A sender would return the mail now instead of trying the next address. */
  endsDelivery: boolean;
  /** This machine has no route to the address (ENETUNREACH and its like), so nothing was learnt about it. */
  noRoute?: boolean;
  /** Of the probe message, once its text was sent here. */
  messageId?: string | null;
}

/** Said by our own kernel; EHOSTUNREACH is what a router on the way says. */
const NO_ROUTE = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Node's timers may fire up to a millisecond early. */
const TIMER_SLACK_MS = 2;

/**
 * Talks to one address as deep as the settings say. Whatever the peer does becomes the report.
 * @throws SessionError of kind `cancelled` when the signal is aborted.
 */
export async function runAttempt(attempt: Attempt): Promise<AttemptOutcome> {
  const { record, settings } = attempt;
  await withSecondTries(attempt, oneGo);
  if (settings.tlsScan) await scanTls(attempt);
  return {
    report: record.report(),
    endsDelivery: record.problem()?.endsDelivery ?? false,
    noRoute: record.noRoute,
    messageId: record.messageId,
  };
}

/** One conversation to its end, however it ends. */
async function oneGo(attempt: Attempt): Promise<void> {
  const { record, settings } = attempt;
  try {
    await converse(attempt);
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind === 'cancelled' || error.kind === 'bad-argument') throw error;
    const { port } = record.plan;
    record.brokeAt = error.stage;
    record.noRoute = error.stage === 'connect' && NO_ROUTE.has(error.errno ?? '');
    record.lastReply = error.goodbye ?? record.lastReply;
    const { lastReply, recipientAccepted } = record;
    const timeUp = error.kind === 'timeout' && settings.clock.elapsed() >= settings.deadlineAt - TIMER_SLACK_MS;
    const connectMs = record.spent('connect');
    const problem = sessionProblem(error, { port, lastReply, recipientAccepted, timeUp, connectMs });
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
}
