import type { Attempt } from '../attempt/attempt-context.ts';
import { AttemptRecord } from '../attempt/attempt-record.ts';
import { greet } from '../attempt/greet.ts';
import { openSession } from '../attempt/open-session.ts';
import { sessionProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import type { SmtpSession } from '../session/session.ts';
import { SessionError } from '../session/session-error.ts';
import type { TlsOffer } from './tls-contexts.ts';
import type { TlsFacts } from './tls-facts.ts';
import { refusalProblem } from './tls-missing.ts';

/** What one more handshake finds: its facts, or why there are none and whether it came as far as a handshake. */
export type AsideHandshake = { facts: TlsFacts } | { facts: undefined; problem: Problem | undefined; tried: boolean };

/**
 * One more connection to the same address, only to see whether TLS comes up with this offer. It has a record of its own: its
 * trouble is no finding about mail flow. Throws SessionError when the probe is cancelled.
 */
export async function handshakeAside(attempt: Attempt, offer: TlsOffer): Promise<AsideHandshake> {
  const { settings } = attempt;
  const { plan } = attempt.record;
  const record = new AttemptRecord(plan, settings.clock.elapsed, () => undefined);
  record.reached = true;
  let session: SmtpSession | undefined;
  try {
    session = await openSession({ settings, record }, offer);
    if (session === undefined) return untried(record.problem());
    const problem = settings.implicitTls ? undefined : await upgrade({ settings, record }, session);
    await session.farewell();
    return session.tls === undefined ? untried(problem) : { facts: session.tls };
  } catch (error) {
    session?.abort();
    if (!(error instanceof SessionError) || error.kind === 'cancelled' || error.kind === 'bad-argument') throw error;
    const problem = sessionProblem(error, { port: plan.port, lastReply: undefined, recipientAccepted: false });
    return { facts: undefined, problem, tried: error.stage === 'tls' };
  }
}

async function upgrade(aside: Attempt, session: SmtpSession): Promise<Problem | undefined> {
  if (!(await greet(aside, session))) return aside.record.problem();
  const reply = await session.command('starttls', 'STARTTLS');
  if (reply.code !== 220) return refusalProblem(reply);
  await session.startTls();
  return undefined;
}

function untried(problem: Problem | undefined): AsideHandshake {
  return { facts: undefined, problem, tried: false };
}
