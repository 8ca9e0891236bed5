import type { Attempt } from '../attempt/attempt-context.ts';
import { capability, greet } from '../attempt/greet.ts';
import { sessionProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import type { SmtpSession } from '../session/session.ts';
import { SessionError } from '../session/session-error.ts';
import { certificateNotes } from './certificate-notes.ts';
import { chainOrderNotes } from './chain-order.ts';
import { nameHandshakeProblem } from './legacy-tls.ts';
import { referenceNames } from './reference-names.ts';
import { noteCapabilityChange } from './tls-inside.ts';
import { missingProblem, refusalProblem, withPromises } from './tls-missing.ts';
import { judgeTrust } from './trust.ts';
import { daneOutage } from './trust-dane.ts';

/** How the conversation goes on: on this connection, on a new one without TLS, or not at all. */
export type AfterTls = 'go-on' | 'reconnect' | 'stop';

/** STARTTLS after EHLO, when the mode wants it, and EHLO again. Trouble is recorded as the mode weighs it. */
export async function secure(attempt: Attempt, session: SmtpSession): Promise<AfterTls> {
  const { record, settings } = attempt;
  const { host } = referenceNames(attempt);
  // Asked for now, so that the answer is there when the handshake has ended; whoever waits for it hears of a failure.
  if (host !== undefined) settings.policies.tlsa(host, record.plan.port)?.catch(() => undefined);
  const offered = capability(record.capabilities, 'STARTTLS') !== undefined;
  record.tlsOffered = offered || settings.implicitTls;
  if (settings.implicitTls) return acceptCertificate(attempt, session);
  if (settings.tlsMode === 'off') return 'go-on';
  if (!offered) return weigh(attempt, await withPromises(attempt, missingProblem(attempt)), 'go-on');
  try {
    const reply = await session.command('starttls', 'STARTTLS');
    record.lastReply = reply;
    if (reply.code !== 220) return refused(attempt, refusalProblem(reply), reply.code);
    await session.startTls();
    record.capabilitiesBeforeTls = record.capabilities;
    const after = await acceptCertificate(attempt, session);
    if (after === 'stop') return after;
    if (!(await greet(attempt, session))) return 'stop';
    noteCapabilityChange(record);
    return after;
  } catch (error) {
    if (!isTlsTrouble(error)) throw error;
    const first = sessionProblem(error, { port: record.plan.port, lastReply: undefined, recipientAccepted: false });
    const problem =
      error.stage === 'tls'
        ? await nameHandshakeProblem(attempt, first, error.errno)
        : await withPromises(attempt, first);
    return weigh(attempt, problem, 'reconnect');
  }
}

/** A server that takes its leave because it is busy would say the same to plain text: its senders try again later. */
async function refused(attempt: Attempt, problem: Problem, code: number): Promise<AfterTls> {
  if (problem.errorType === 'TlsNotOffered') {
    return weigh(attempt, await withPromises(attempt, problem), code === 421 ? 'reconnect' : 'go-on');
  }
  if (code !== 421) return weigh(attempt, problem, 'go-on');
  attempt.record.fail(problem);
  return 'stop';
}

/** Judges what the peer showed in the handshake that has just ended, as every kind of sender would. */
async function acceptCertificate(attempt: Attempt, session: SmtpSession): Promise<AfterTls> {
  const { record, settings } = attempt;
  const facts = session.tls;
  if (facts === undefined) return 'go-on';
  const { ip, port } = record.plan;
  const { host, names } = referenceNames(attempt);
  const [tlsa, mtaSts] = await Promise.all([
    host === undefined ? undefined : settings.policies.tlsa(host, port),
    settings.policies.mtaSts,
  ]);
  const now = settings.clock.now();
  const verdict = judgeTrust({ facts, host, names, now, tlsa, mtaSts });
  record.setTls(facts, verdict.problems);
  record.trust = { dane: verdict.dane, mtaSts: verdict.mtaSts, trust: verdict.trust };
  const notes = certificateNotes(facts, { names, ip, now, warnDays: settings.expiryWarningDays });
  for (const note of [...notes, ...verdict.notes, ...chainOrderNotes(facts.sent, tlsa?.state === 'records')])
    record.notes.add(note);
  if (verdict.vouchedByDane && verdict.problems.length > 0)
    record.certificateWords = 'a certificate that DANE vouches for';
  const outage = daneOutage(tlsa);
  if (outage !== undefined) record.degrade(outage);
  const { telling } = verdict;
  if (telling === undefined) return 'go-on';
  return weigh(
    attempt,
    { ...telling, errorType: 'CertificateFailure', owner: 'recipient', stage: 'certificate' },
    'go-on',
  );
}

/** Where TLS is a bonus (opportunistic) its trouble degrades; where it is demanded the trouble ends the attempt. */
function weigh({ record, settings }: Attempt, problem: Problem, otherwise: AfterTls): AfterTls {
  if (settings.tlsMode === 'require' || settings.tlsMode === 'implicit') {
    record.fail(problem);
    return 'stop';
  }
  record.degrade(problem);
  return otherwise;
}

/** A handshake that fails, or a STARTTLS that hangs or cuts: a sender for whom TLS is a bonus tries once more without. */
function isTlsTrouble(error: unknown): error is SessionError {
  if (!(error instanceof SessionError)) return false;
  if (error.stage === 'tls') return error.kind !== 'cancelled' && error.kind !== 'starttls-injection';
  return error.stage === 'starttls' && ['closed', 'socket', 'timeout'].includes(error.kind);
}
