import type { Attempt } from '../attempt/attempt-context.ts';
import { isMasked } from '../attempt/greet.ts';
import { replyProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import { replyWords, type SmtpReply } from '../session/smtp-reply.ts';
import { referenceNames } from './reference-names.ts';
import { POLICY_REFUSES } from './trust.ts';
import { DANE_NEEDS_TLS, viewDaneWithoutTls } from './trust-dane.ts';
import { mtaStsTrust, viewMtaSts } from './trust-mta-sts.ts';

/** Mail hosts whose operators have offered STARTTLS for years. */
const ALWAYS_TLS =
  /\.(?:protection\.outlook\.com|mx\.microsoft|google\.com|googlemail\.com|yahoodns\.net|icloud\.com|pphosted\.com|mimecast\.com|messagelabs\.com)$/i;

/** EHLO came without STARTTLS: the server does not offer it, or something between blots it out. */
export function missingProblem({ record, settings }: Attempt): Problem {
  if (isMasked(record.capabilities)) {
    return {
      errorType: 'ProtocolError',
      cause: 'capability-masked',
      owner: 'network',
      stage: 'ehlo',
      words: 'a firewall masks the capabilities (XXXXXXXA), STARTTLS among them',
    };
  }
  if (ALWAYS_TLS.test(record.plan.host)) {
    record.notes.add(
      'This provider is known to offer STARTTLS, so something on the way from here may remove it (a firewall, a carrier, an attacker): probe from another network.',
    );
  }
  return {
    errorType: 'TlsNotOffered',
    cause: 'starttls-missing',
    owner: 'recipient',
    stage: 'starttls',
    words: `STARTTLS is not offered, ${settings.tlsMode === 'require' ? 'which this probe requires' : 'so mail travels in plain text'}`,
  };
}

/**
 * STARTTLS was answered with something other than 220. A server that is busy or blocks us says so here as anywhere; that is
 * no word about TLS.
 */
export function refusalProblem(reply: SmtpReply): Problem {
  const problem = replyProblem(reply, 'starttls');
  if (problem.errorType === 'ServerBusy' || problem.errorType === 'ReputationBlock') return problem;
  return {
    errorType: 'TlsNotOffered',
    cause: 'starttls-refused',
    owner: 'recipient',
    stage: 'starttls',
    words: `STARTTLS is offered but refused: ${replyWords(reply)}`,
  };
}

/** The problem with what it means for senders to whom the domain has promised TLS. */
export async function withPromises(attempt: Attempt, problem: Problem): Promise<Problem> {
  const { record, settings } = attempt;
  const { host } = referenceNames(attempt);
  if (host === undefined) return problem;
  const asked = [settings.policies.tlsa(host, record.plan.port), settings.policies.mtaSts] as const;
  const [tlsa, policy] = await Promise.all(asked);
  const dane = tlsa === undefined ? undefined : viewDaneWithoutTls(tlsa);
  const mtaSts = policy === undefined ? undefined : viewMtaSts(policy, { host, problems: undefined });
  record.trust = { dane: dane?.state ?? null, mtaSts: mtaSts?.state ?? null, trust: [] };
  if (mtaSts !== undefined && ['testing', 'broken'].includes(mtaSts.state)) {
    record.notes.add(mtaStsTrust(mtaSts, '').words);
  }
  const promises = [
    ...(dane?.state === 'mismatch' ? [DANE_NEEDS_TLS] : []),
    ...(mtaSts?.state === 'mismatch' ? [POLICY_REFUSES] : []),
  ];
  return promises.length === 0 ? problem : { ...problem, words: [problem.words, ...promises].join('; ') };
}
