import type { ProbeAttempt } from '../src/probe/report.ts';
import type { TrustModel } from '../src/probe/tls-vocabulary.ts';
import type { CardBlock } from './card.ts';

/**
 * Senders by how they judge a certificate, as a label and in a sentence. Exchange Online checks DANE and MTA-STS when
 * it sends (learn.microsoft.com, "How SMTP DANE works"), Gmail checks MTA-STS (support.google.com/a/answer/9261504).
 */
const SENDERS: Record<TrustModel, { label: string; clause: string }> = {
  opportunistic: { label: 'Opportunistic', clause: 'use TLS when they can' },
  pkix: { label: 'Trust required', clause: 'require a trusted certificate' },
  dane: { label: 'DANE', clause: 'check DANE (Exchange Online)' },
  'mta-sts': { label: 'MTA-STS', clause: 'follow MTA-STS (Gmail, Exchange Online)' },
};

/** Which senders refuse for the certificate, in one sentence; undefined when none does. `attempts`: worst first. */
export function refusalSentence(attempts: readonly ProbeAttempt[]): string | undefined {
  const judged = attempts.filter(({ tls }) => tls.trust.length > 0);
  const first = judged.find((attempt) => refusing(attempt).length > 0);
  if (first === undefined) return undefined;
  const models = refusing(first);
  const others = first.tls.trust.some(({ delivers }) => delivers === true);
  const everywhere = judged.every((attempt) => refusing(attempt).join() === models.join());
  const where = everywhere ? '' : ` at ${first.host}`;
  const who = others
    ? `Senders that ${models.map((model) => SENDERS[model].clause).join(' or ')} refuse`
    : 'Senders refuse';
  return `${who}${where}${others ? '; others deliver' : ', however they judge the certificate'}.`;
}

function refusing({ tls }: ProbeAttempt): TrustModel[] {
  return tls.trust.filter(({ delivers }) => delivers === false).map(({ model }) => model);
}

/** The certificate as each kind of sender sees it, side by side. Facts and no table: the words need room on a phone. */
export function trustFacts({ tls }: ProbeAttempt): CardBlock[] {
  if (tls.trust.length === 0) return [];
  const facts = tls.trust.map(({ model, state, delivers, words }) => ({
    label: `${delivers === null ? '–' : delivers ? '✓' : '✗'} ${SENDERS[model].label}`,
    value: words === '' ? state : words,
  }));
  return [
    { type: 'text', text: [{ text: 'Who delivers', style: 'bold' }] },
    { type: 'facts', facts },
  ];
}
