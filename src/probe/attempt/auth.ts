import { replyProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import { LIMITS } from '../limits.ts';
import type { SmtpSession } from '../session/session.ts';
import type { SmtpReply } from '../session/smtp-reply.ts';
import { judgeCertificate } from '../tls/certificate.ts';
import type { Attempt } from './attempt-context.ts';
import type { Credentials } from './auth-credentials.ts';
import { mayBeTold } from './auth-plan.ts';
import { explanation, loginProblem } from './auth-reply.ts';

/**
 * Logs in when that was asked for (RFC 4954). False when the log-in did not come about; the record says why. The secret
 * leaves only inside TLS, to a host that is listed for it and whose certificate is trusted and carries its own name.
 */
export async function logIn({ record, settings }: Attempt, session: SmtpSession): Promise<boolean> {
  const { auth } = settings;
  if (auth === undefined) return true;
  const offered = offeredMechanisms(record.capabilities);
  record.auth = { offered, mechanism: null, accepted: null };
  const { host } = record.plan;
  const refused = mayBeTold(host, auth.hosts) ? undefined : notListed(host);
  const problem = refused ?? tlsProblem({ record, settings }, session) ?? notOffered(offered, auth);
  if (problem !== undefined) {
    record.fail(problem);
    return false;
  }
  record.auth.mechanism = auth.keyword;
  const { reply, challenge } = await converse(session, auth);
  record.lastReply = reply;
  record.auth.accepted = reply.code === 235;
  if (record.auth.accepted) {
    record.achieved = `lets ${auth.user} log in (AUTH ${auth.keyword})`;
    return true;
  }
  const said = challenge === undefined ? undefined : explanation(challenge, (text) => auth.conceal(text));
  record.fail(reply.code < 400 ? replyProblem(reply, 'auth') : loginProblem(reply, auth.keyword, said));
  return false;
}

/** What EHLO lists after AUTH; old servers write `AUTH=LOGIN` as well. */
function offeredMechanisms(capabilities: readonly string[]): string[] {
  const listed = capabilities.flatMap((line) => {
    const [keyword = '', ...mechanisms] = line.toUpperCase().split(/[ =]+/);
    return keyword === 'AUTH' ? mechanisms.filter((name) => name !== '') : [];
  });
  return [...new Set(listed)].slice(0, LIMITS.capabilities);
}

interface LoginEnd {
  reply: SmtpReply;
  /** The last challenge, in base64: with XOAUTH2 it explains the refusal. */
  challenge: string | undefined;
}

/** A challenge is answered with the next thing to say, and with nothing once all is said; a server that goes on is cut off. */
async function converse(session: SmtpSession, auth: Credentials): Promise<LoginEnd> {
  const { initialResponse, keyword } = auth;
  const command = `AUTH ${keyword}`;
  let reply =
    initialResponse === undefined
      ? await session.command('auth', command)
      : await session.exchange('auth', `${command} ${initialResponse}\r\n`, `${command} ***`);
  let challenge: string | undefined;
  // Where the server overlooked the initial response it gets it again; an empty line takes note of XOAUTH2's error.
  let said = initialResponse === undefined ? 0 : isEmpty(reply) ? 0 : 1;
  for (let round = 0; reply.code === 334 && round < LIMITS.challenges; round += 1) {
    challenge = reply.lines.at(-1)?.slice(4).trim();
    const answer = auth.answer(said);
    said += 1;
    reply = await session.exchange('auth', `${answer ?? ''}\r\n`, answer === undefined ? '' : '***');
  }
  // RFC 4954 4: an asterisk cancels the exchange. What is answered to it no longer matters.
  if (reply.code === 334) await session.command('auth', '*');
  return { reply, challenge };
}

function isEmpty(reply: SmtpReply): boolean {
  return (reply.lines.at(-1)?.slice(4).trim() ?? '') === '';
}

function notListed(host: string): Problem {
  return {
    errorType: 'AuthFailure',
    cause: 'disabled',
    owner: 'none',
    stage: 'auth',
    words: `no log-in was tried: ${host} is not among the hosts that may be given the secret (MAILMEDIC_PROBE_AUTH_HOSTS)`,
  };
}

/** Why the secret must not be sent on this connection; undefined when it may. */
function tlsProblem({ record, settings }: Attempt, session: SmtpSession): Problem | undefined {
  const kept = 'so the secret was not sent';
  const met = record.tlsProblem();
  if (met !== undefined) return { ...met, words: `${met.words}, ${kept}` };
  const { host } = record.plan;
  const fault = { errorType: 'CertificateFailure', owner: 'recipient', stage: 'certificate' } as const;
  if (session.tls === undefined) {
    const words = `the connection is not encrypted, ${kept}`;
    return { errorType: 'TlsNotOffered', cause: 'starttls-missing', owner: 'recipient', stage: 'starttls', words };
  }
  // The name of the domain, which is good enough for mail, is not enough for a secret that belongs to this host.
  const [worst] = judgeCertificate(session.tls, { names: [host], now: settings.clock.now() });
  return worst === undefined
    ? undefined
    : { ...fault, cause: worst.cause, words: `certificate ${worst.words}, ${kept}` };
}

function notOffered(offered: readonly string[], auth: Credentials): Problem | undefined {
  if (offered.includes(auth.keyword)) return undefined;
  const instead = offered.length === 0 ? 'no AUTH at all' : `only ${offered.slice(0, 10).join(', ')}`;
  return {
    errorType: 'AuthFailure',
    cause: 'disabled',
    owner: 'recipient',
    stage: 'auth',
    words: `does not offer AUTH ${auth.keyword}: it offers ${instead}`,
  };
}
