import { isIP } from 'node:net';
import { decideEgress } from '../../egress/egress-policy.ts';
import type { Stage } from '../../vocabulary.ts';
import { replyProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import { SmtpSession } from '../session/session.ts';
import type { TlsOffer } from '../tls/tls-contexts.ts';
import type { Attempt } from './attempt-context.ts';
import { isMangled, readBanner } from './banner.ts';

/** QUIT and RSET are politeness: a peer that is slow to answer them does not hold the probe up. */
const FAREWELL_MS = 1000;

/**
 * Connects to the address of the attempt and reads the greeting. Undefined when there is nothing to talk to, and then the
 * record says why. Throws SessionError when the connection breaks.
 */
export async function openSession(attempt: Attempt, offer: TlsOffer): Promise<SmtpSession | undefined> {
  const { record, settings } = attempt;
  const { ip, port } = record.plan;
  const decision = decideEgress(ip, port, settings.egress);
  if (!decision.allowed) {
    record.newClock();
    record.fail(blockedProblem(decision.rule, decision.reason));
    return undefined;
  }
  const session = newSession(attempt, offer);
  try {
    const banner = await session.open();
    record.reached = true;
    record.lastReply = banner;
    record.banner = readBanner(banner);
    if (banner.code === 220) {
      noteBanner(attempt, record.banner.text);
      return session;
    }
    record.fail(replyProblem(banner, 'banner'));
    await session.farewell();
    return undefined;
  } catch (error) {
    session.abort();
    throw error;
  }
}

function newSession(attempt: Attempt, offer: TlsOffer): SmtpSession {
  const { record, settings } = attempt;
  const { host, ip, port } = record.plan;
  const stageBudgetMs = (stage: Stage): number => {
    const endsAt = stage === 'connect' && !record.reached ? settings.connectBy : settings.deadlineAt;
    const left = endsAt - settings.clock.elapsed();
    return Math.min(settings.stageMs, left, stage === 'quit' ? FAREWELL_MS : Number.POSITIVE_INFINITY);
  };
  const session = new SmtpSession({
    ...settings.dial(ip, port),
    peerName: `${ip} port ${port}`,
    implicitTls: settings.implicitTls,
    servername: isIP(host) === 0 ? host : undefined,
    secureContext: settings.contexts.of(offer),
    transcript: record.transcript,
    clock: record.newClock(),
    stageBudgetMs,
    signal: settings.signal,
    onNote: (note) => record.notes.add(note),
    onTiming: (timing) => record.addTiming(timing),
  });
  const { auth } = settings;
  // From the first byte: the peer may know the secret from the connection before, and repeat it in its greeting.
  if (auth !== undefined) session.hide((text) => auth.conceal(text));
  return session;
}

function blockedProblem(rule: string, reason: string): Problem {
  const change = rule === 'port' ? 'MAILMEDIC_EGRESS_PORTS (egress.ports)' : 'MAILMEDIC_EGRESS_ALLOW (egress.allow)';
  return {
    errorType: 'UnableToConnect',
    cause: 'blocked-egress',
    owner: 'none',
    stage: 'connect',
    words: `not probed: ${reason}, and the egress policy does not allow that. Whoever runs mailmedic can allow it with ${change}`,
  };
}

/** Firewalls that "fix up" SMTP overwrite the greeting with asterisks (Cisco PIX and ASA, RFC 5321 4.3.1 forbids it). */
function noteBanner({ record }: Attempt, text: string): void {
  if (!isMangled(text)) return;
  record.degrade({
    errorType: 'ProtocolError',
    cause: 'banner-mangled',
    owner: 'network',
    stage: 'banner',
    words: 'a firewall rewrites the greeting with asterisks (SMTP inspection)',
  });
}
