import type { SmtpSession } from '../session/session.ts';
import { secure } from '../tls/secure.ts';
import { tlsName } from '../tls/tls-failure.ts';
import type { Attempt } from './attempt-context.ts';
import type { AttemptRecord } from './attempt-record.ts';
import { logIn } from './auth.ts';
import { deliver } from './deliver.ts';
import { greet } from './greet.ts';
import { openSession } from './open-session.ts';

/**
 * One conversation, as deep as the settings say; what is found stands in the record.
 * @throws SessionError when the connection breaks.
 */
export async function converse(attempt: Attempt): Promise<void> {
  const { record, settings } = attempt;
  if (settings.auth !== undefined) record.auth = { offered: [], mechanism: null, accepted: null };
  const first = await openSession(attempt, 'modern');
  if (first === undefined) return;
  let session: SmtpSession | undefined = first;
  try {
    record.achieved = `answers on port ${record.plan.port}: ${portWords(record)}`;
    if (settings.depth === 'connect' || !(await greet(attempt, session))) {
      await session.farewell();
      return;
    }
    const next = await secure(attempt, session);
    if (next === 'reconnect') {
      session.abort();
      session = await reopenInPlainText(attempt);
    }
    if (session === undefined) return;
    if (session.tls !== undefined)
      record.achieved = `answers with ${tlsName(session.tls.protocol)} and ${record.certificateWords}`;
    const goesOn = next !== 'stop' && (await logIn(attempt, session));
    if (goesOn && settings.depth !== 'tls') await deliver(attempt, session);
    const inStep = await session.farewell({ reset: record.recipientAccepted && settings.depth === 'rcpt' });
    if (record.pipelined && (!inStep || session.surplus > 0)) record.outOfStep = true;
  } finally {
    session?.abort();
  }
}

/** A port check in the words of seed 000: how long it took, and who greeted. */
function portWords(record: AttemptRecord): string {
  const greeted = record.replies.findLast(({ stage }) => stage === 'banner');
  const name = record.banner?.serverName ?? null;
  const as = name === null ? '' : ` as ${name}`;
  return `connected in ${record.spent('connect') ?? 0} ms, greeted after ${greeted?.lastByteMs ?? 0} ms${as}`;
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
