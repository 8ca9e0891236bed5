import { replyProblem } from '../faults/classify.ts';
import { LIMITS } from '../limits.ts';
import type { SmtpSession } from '../session/session.ts';
import { SessionError } from '../session/session-error.ts';
import { decodeText, type SmtpReply } from '../session/smtp-reply.ts';
import type { Attempt } from './attempt-context.ts';

/** EHLO, or HELO for a server that does not know it (RFC 5321 3.2). False when neither is taken; the record says why. */
export async function greet({ record, settings }: Attempt, session: SmtpSession): Promise<boolean> {
  const ehlo = await session.command('ehlo', `EHLO ${settings.helo}`);
  record.lastReply = ehlo;
  record.capabilities = [];
  if (isPositive(ehlo)) {
    record.capabilities = ehlo.lines.slice(1, 1 + LIMITS.capabilities).map((line) => decodeText(line.slice(4)).trim());
    return true;
  }
  const refusal = replyProblem(ehlo, 'ehlo');
  // Only a server that does not know EHLO is asked with HELO; one that turns us away has said so.
  if (ehlo.code >= 500 && refusal.errorType === 'ProtocolError') {
    const helo = await heloAfter(session, settings.helo);
    if (helo !== undefined) record.lastReply = helo;
    if (helo !== undefined && isPositive(helo)) {
      const so = session.tls === undefined ? ', so it offers no TLS and no other extension' : ' inside TLS';
      record.notes.add(`The server does not know EHLO${so}.`);
      return true;
    }
  }
  record.fail(refusal);
  return false;
}

/** A server that hangs up after refusing EHLO has said why already. */
async function heloAfter(session: SmtpSession, name: string): Promise<SmtpReply | undefined> {
  try {
    return await session.command('ehlo', `HELO ${name}`);
  } catch (error) {
    if (error instanceof SessionError && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}

/** Parameters of a capability, or undefined when it is not offered. Keywords have no case (RFC 5321 4.1.1.1). */
export function capability(capabilities: readonly string[], keyword: string): string | undefined {
  const found = capabilities.find((line) => line.split(/[ =]/, 1)[0]?.toUpperCase() === keyword);
  return found?.slice(keyword.length).trim();
}

/** True when a firewall has blotted out what it does not know: `XXXXXXXA` stands where `STARTTLS` was. */
export function isMasked(capabilities: readonly string[]): boolean {
  return capabilities.some((line) => /^X{4,}[A-Z]?$/.test(line));
}

function isPositive(reply: SmtpReply): boolean {
  return reply.code >= 200 && reply.code < 300;
}
