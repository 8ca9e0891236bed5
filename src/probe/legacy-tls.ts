import type { Attempt } from './attempt-context.ts';
import { AttemptRecord } from './attempt-record.ts';
import { judgeCertificate } from './certificate.ts';
import { greet } from './greet.ts';
import { openSession } from './open-session.ts';
import type { Problem } from './problem.ts';
import { SessionError } from './session-error.ts';
import type { TlsFacts } from './tls-facts.ts';
import { mayBeLegacy, tlsName } from './tls-failure.ts';

/**
 * Asks once more with outdated versions and ciphers allowed, so that "the handshake fails" becomes "speaks only TLS 1.0"
 * (seed 002). Returns the problem as it was when that does not help either.
 */
export async function nameHandshakeProblem(
  attempt: Attempt,
  first: Problem,
  errno: string | undefined,
): Promise<Problem> {
  if (!mayBeLegacy(first, errno)) return first;
  attempt.record.transcript.event('trying again with outdated TLS versions and ciphers allowed');
  const facts = await legacyFacts(attempt);
  if (facts === undefined) return first;
  const problems = judgeCertificate(facts, { names: [], now: attempt.settings.clock.now() });
  attempt.record.setTls(facts, problems);
  if (first.errorType === 'CertificateFailure') return first;
  if (facts.protocol === 'TLSv1.3') {
    // Nothing about it is outdated: what was cut off once went through the second time.
    return first.cause === 'reset' ? { ...first, words: `${first.words}, but not every time` } : first;
  }
  if (facts.protocol === 'TLSv1' || facts.protocol === 'TLSv1.1') {
    return {
      errorType: 'TlsHandshakeFailure',
      cause: 'protocol-version',
      owner: 'recipient',
      stage: 'tls',
      words: `speaks only ${tlsName(facts.protocol)}, which current senders no longer offer`,
    };
  }
  return {
    errorType: 'TlsHandshakeFailure',
    cause: first.cause === 'protocol-version' ? 'protocol-version' : 'cipher',
    owner: 'recipient',
    stage: 'tls',
    words: `TLS works only with outdated settings (${facts.cipher ?? 'unknown cipher'}), which current senders no longer offer`,
  };
}

/** What a lenient handshake finds; whatever goes wrong on the way only means that there is nothing to add. */
async function legacyFacts(attempt: Attempt): Promise<TlsFacts | undefined> {
  // A record of its own: the trouble of this second connection is no finding about mail flow.
  const { plan, transcript } = attempt.record;
  const aside = {
    settings: attempt.settings,
    record: new AttemptRecord(plan, attempt.settings.clock.elapsed, () => undefined),
  };
  try {
    const session = await openSession(aside, 'legacy');
    if (session === undefined) return undefined;
    if (!attempt.settings.implicitTls) {
      if (!(await greet(aside, session))) return undefined;
      const reply = await session.command('starttls', 'STARTTLS');
      if (reply.code !== 220) return undefined;
      await session.startTls();
    }
    transcript.event(`TLS ${session.tls?.protocol} ${session.tls?.cipher} with outdated settings`);
    await session.farewell();
    return session.tls;
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind === 'cancelled') throw error;
    transcript.event(`outdated settings do not help: ${error.message}`);
    return undefined;
  }
}
