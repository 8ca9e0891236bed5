import type { Cause } from '../vocabulary.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import type { ReplyVerdict } from './reply/verdict.ts';

/** Below this the answer says what else would settle it. */
const SURE = 0.8;

/** What to paste when the words held no reply. */
const WHAT_TO_PASTE = [
  'Paste the reply of the server (three digits and words, such as "550 5.1.1 User unknown")',
  'Or the whole bounce with its part for administrators, as text or as an .eml file',
  'Or the LED string of the message trace: [{LED=…};{MSG=…};{FQDN=…};{IP=…};{LRT=…}]',
];

/** A judgement in the shape that people and scripts read, with what to do about it. */
export function explain(verdict: ReplyVerdict, knowledge: Knowledge): Diagnosis {
  const { code, enhanced } = verdict;
  const reply = code === null && enhanced === null ? null : { code, enhanced, text: verdict.text };
  const shared = {
    owner: verdict.owner,
    confidence: Math.round(Math.min(1, verdict.confidence) * 100) / 100,
    permanent: verdict.permanent,
    reply,
    issuer: verdict.issuer,
    remoteHost: verdict.remoteHost,
    remoteIp: verdict.remoteIp,
    recipient: verdict.recipient,
    evidence: verdict.evidence,
  };
  if (verdict.errorType === null) {
    return {
      ...shared,
      errorType: null,
      cause: verdict.cause,
      explanation: verdict.meaning,
      mitigation: [],
      runbooks: [],
      next: [],
    };
  }
  const cause: Cause | null = verdict.cause === 'ok' ? null : verdict.cause;
  const guidance = knowledge.guide(
    { errorType: verdict.errorType, cause, owner: verdict.owner },
    {
      host: verdict.remoteHost,
      ip: verdict.remoteIp,
      recipient: verdict.recipient,
      code,
      enhanced,
      text: verdict.text,
    },
  );
  const speechless = reply === null && verdict.ruleId === null;
  return {
    ...shared,
    errorType: verdict.errorType,
    cause: verdict.cause,
    explanation: speechless ? 'I find no reply of a mail server in this text.' : sentence(verdict),
    mitigation: speechless ? [] : guidance.mitigation,
    runbooks: guidance.runbooks,
    next: speechless
      ? WHAT_TO_PASTE
      : verdict.confidence < SURE
        ? [...guidance.confirm, ...guidance.next]
        : guidance.next,
  };
}

function sentence({ meaning, permanent, expired, remoteHost, remoteIp, confidence }: ReplyVerdict): string {
  const place = remoteHost === null ? remoteIp : remoteIp === null ? remoteHost : `${remoteHost} (${remoteIp})`;
  const parts = [meaning];
  if (place !== null) parts.push(`The remote host is ${place}.`);
  if (expired) parts.push('The message grew too old in the queue and was returned.');
  else if (permanent === true) parts.push('This is final: the message is returned, not retried.');
  else if (permanent === false) parts.push('The message stays queued and is retried.');
  if (confidence < 0.5) parts.push('I am not sure of this.');
  return parts.join(' ');
}
