import type { Attempt } from './attempt-context.ts';
import { expiresWithin, judgeCertificate } from './certificate.ts';
import { sessionProblem } from './classify.ts';
import { capability, greet, isMasked } from './greet.ts';
import { nameHandshakeProblem } from './legacy-tls.ts';
import type { Problem } from './problem.ts';
import type { SmtpSession } from './session.ts';
import { SessionError } from './session-error.ts';
import { replyWords } from './smtp-reply.ts';

/** How the conversation goes on: on this connection, on a new one without TLS, or not at all. */
export type AfterTls = 'go-on' | 'reconnect' | 'stop';

/** STARTTLS after EHLO, when the mode wants it, and EHLO again. Trouble is recorded as the mode weighs it. */
export async function secure(attempt: Attempt, session: SmtpSession): Promise<AfterTls> {
  const { record, settings } = attempt;
  const offered = capability(record.capabilities, 'STARTTLS') !== undefined;
  record.tlsOffered = offered || settings.implicitTls;
  if (settings.implicitTls) return acceptCertificate(attempt, session);
  if (settings.tlsMode === 'off') return 'go-on';
  if (!offered) return weigh(attempt, missingProblem(record.capabilities), 'go-on');
  try {
    const reply = await session.command('starttls', 'STARTTLS');
    record.lastReply = reply;
    if (reply.code !== 220) {
      const words = `STARTTLS is offered but refused: ${replyWords(reply)}`;
      const after = reply.code === 421 ? 'reconnect' : 'go-on';
      return weigh(
        attempt,
        { errorType: 'TlsNotOffered', cause: 'starttls-refused', owner: 'recipient', stage: 'starttls', words },
        after,
      );
    }
    await session.startTls();
    const after = acceptCertificate(attempt, session);
    if (after === 'stop') return after;
    return (await greet(attempt, session)) ? after : 'stop';
  } catch (error) {
    if (!isTlsTrouble(error)) throw error;
    const first = sessionProblem(error, { port: record.plan.port, lastReply: undefined, recipientAccepted: false });
    const problem = error.stage === 'tls' ? await nameHandshakeProblem(attempt, first, error.errno) : first;
    return weigh(attempt, problem, 'reconnect');
  }
}

/** Judges what the peer showed in the handshake that has just ended. */
export function acceptCertificate(attempt: Attempt, session: SmtpSession): AfterTls {
  const { record, settings } = attempt;
  if (session.tls === undefined) return 'go-on';
  const named = hostNames(attempt);
  const now = settings.clock.now();
  const problems = judgeCertificate(session.tls, { names: named, now });
  record.setTls(session.tls, problems);
  if (named.length === 0) record.notes.add('The target is an address, so there is no name to hold the certificate to.');
  const daysLeft = expiresWithin(session.tls, settings.expiryWarningDays, now);
  if (daysLeft !== undefined)
    record.notes.add(`The certificate expires in ${daysLeft === 1 ? '1 day' : `${daysLeft} days`}.`);
  const [worst, ...others] = problems;
  if (worst === undefined) return 'go-on';
  for (const { words } of others) record.notes.add(`The certificate ${words.replace(/^(?:is )?/, '$&also ')}.`);
  return weigh(
    attempt,
    {
      errorType: 'CertificateFailure',
      cause: worst.cause,
      owner: 'recipient',
      stage: 'certificate',
      words: `certificate ${worst.words}`,
    },
    'go-on',
  );
}

function hostNames({ record, settings }: Attempt): string[] {
  const own = record.plan.host === record.plan.ip ? [] : [record.plan.host];
  return [...new Set([...own, ...settings.alsoNamed])];
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

function missingProblem(capabilities: readonly string[]): Problem {
  if (isMasked(capabilities)) {
    return {
      errorType: 'ProtocolError',
      cause: 'capability-masked',
      owner: 'network',
      stage: 'ehlo',
      words: 'a firewall masks the capabilities (XXXXXXXA), STARTTLS among them',
    };
  }
  return {
    errorType: 'TlsNotOffered',
    cause: 'starttls-missing',
    owner: 'recipient',
    stage: 'starttls',
    words: 'STARTTLS is not offered, so mail travels in plain text',
  };
}

/** A handshake that fails, or a STARTTLS that hangs or cuts: a sender for whom TLS is a bonus tries once more without. */
function isTlsTrouble(error: unknown): error is SessionError {
  if (!(error instanceof SessionError)) return false;
  if (error.stage === 'tls') return error.kind !== 'cancelled' && error.kind !== 'starttls-injection';
  return error.stage === 'starttls' && ['closed', 'socket', 'timeout'].includes(error.kind);
}
