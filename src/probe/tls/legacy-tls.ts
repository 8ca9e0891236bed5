import type { Attempt } from '../attempt/attempt-context.ts';
import type { Problem } from '../faults/problem.ts';
import { judgeCertificate } from './certificate.ts';
import { CURRENT_SUITES, RETIRED_SUITES, retiredSuite } from './cipher-suites.ts';
import { handshakeAside } from './handshake-aside.ts';
import { rawHandshake } from './raw-handshake.ts';
import { referenceNames } from './reference-names.ts';
import type { TlsFacts } from './tls-facts.ts';
import { mayBeLegacy, tlsName } from './tls-failure.ts';
import { withPromises } from './tls-missing.ts';

const SSL3 = 0x0300;
const NOBODY_OFFERS = 'which current senders no longer offer';

/**
 * Asks once more with outdated versions and ciphers allowed, so that "the handshake fails" becomes "speaks only TLS 1.0"
 * (seed 002), and then with suites that OpenSSL itself no longer has. Returns the problem as it was when neither helps,
 * with what it means for senders to whom the domain has promised TLS.
 */
export async function nameHandshakeProblem(
  attempt: Attempt,
  first: Problem,
  errno: string | undefined,
): Promise<Problem> {
  const named = mayBeLegacy(first, errno) ? await nameOutdated(attempt, first) : first;
  return withPromises(attempt, named);
}

async function nameOutdated(attempt: Attempt, first: Problem): Promise<Problem> {
  attempt.record.transcript.event('trying again with outdated TLS versions and ciphers allowed');
  const facts = await legacyFacts(attempt);
  if (facts === undefined) return (await retiredProblem(attempt)) ?? (await agreedProblem(attempt, first));
  const { names } = referenceNames(attempt);
  const problems = judgeCertificate(facts, { names, now: attempt.settings.clock.now() });
  attempt.record.setTls(facts, problems);
  if (first.errorType === 'CertificateFailure') return first;
  if (facts.protocol === 'TLSv1.3') {
    // Nothing about it is outdated: what was cut off once went through the second time.
    return first.cause === 'reset' ? { ...first, words: `${first.words}, but not every time` } : first;
  }
  if (facts.protocol === 'TLSv1' || facts.protocol === 'TLSv1.1') {
    return outdated('protocol-version', `speaks only ${tlsName(facts.protocol)}, ${NOBODY_OFFERS}`);
  }
  const settings = `TLS works only with outdated settings (${facts.cipher ?? 'unknown cipher'}), ${NOBODY_OFFERS}`;
  // OpenSSL's own objection, such as a short Diffie-Hellman key, says more than "no cipher in common".
  const why = first.cause === 'cipher' && !isBareRefusal(first) ? `${first.words}; ` : '';
  return outdated(first.cause === 'protocol-version' ? 'protocol-version' : 'cipher', `${why}${settings}`);
}

/** A server that takes nothing that OpenSSL 3 can offer may still take what OpenSSL has forgotten. */
async function retiredProblem(attempt: Attempt): Promise<Problem | undefined> {
  const flight = await rawHandshake(attempt, RETIRED_SUITES);
  const suite = flight && retiredSuite(flight.cipher);
  if (suite === undefined) return undefined;
  attempt.record.transcript.event(`the server takes ${suite.name}`);
  if (flight?.version === SSL3) return outdated('protocol-version', `speaks only SSL 3.0, ${NOBODY_OFFERS}`);
  return outdated('cipher', `takes only ${suite.kind} (${suite.name}), ${NOBODY_OFFERS}`);
}

/**
 * The alert handshake_failure says "no cipher in common", or that something later is missing (RFC 5246 7.2.2); up to TLS 1.2
 * it is what a server sends whose demand for a client certificate was not met. One that chooses a cipher has found one.
 */
async function agreedProblem(attempt: Attempt, first: Problem): Promise<Problem> {
  if (!isBareRefusal(first) || (await rawHandshake(attempt, CURRENT_SUITES)) === undefined) return first;
  attempt.record.transcript.event('the server chooses a cipher, and ends the handshake only after that');
  const words =
    'TLS fails: the server ends the handshake after it has chosen a cipher, as one does that demands a client certificate';
  return { ...first, cause: 'handshake', words };
}

/** The alert alone, without an objection that OpenSSL could name. */
function isBareRefusal({ cause, words }: Problem): boolean {
  return cause === 'cipher' && words.endsWith('no cipher in common');
}

function outdated(cause: 'protocol-version' | 'cipher', words: string): Problem {
  return { errorType: 'TlsHandshakeFailure', cause, owner: 'recipient', stage: 'tls', words };
}

/** What a lenient handshake finds; whatever goes wrong on the way only means that there is nothing to add. */
async function legacyFacts(attempt: Attempt): Promise<TlsFacts | undefined> {
  const found = await handshakeAside(attempt, 'legacy');
  const { transcript } = attempt.record;
  if (found.facts === undefined) {
    transcript.event(`outdated settings do not help: ${found.problem?.words ?? 'the server did not come so far'}`);
    return undefined;
  }
  transcript.event(`TLS ${found.facts.protocol} ${found.facts.cipher} with outdated settings`);
  return found.facts;
}
