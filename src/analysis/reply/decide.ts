import type { Stage } from '../../vocabulary.ts';
import { fold } from './fold.ts';
import { identifyIssuer } from './issuer.ts';
import type { ParsedReply } from './parse-reply.ts';
import type { Rule, RuleSubject } from './rule.ts';
import * as F from './rules/faults.ts';
import { RULE_INDEX } from './rules/index.ts';

/** What one layer of an artefact says on its own. */
export interface Decision extends Pick<Rule, 'errorType' | 'cause' | 'owner' | 'confidence' | 'meaning'> {
  ruleId: string | null;
  issuer: string | null;
  expired: boolean;
}

/** Phrases that say that the message grew too old; the rest of the words then tell why. */
const EXPIRED =
  /message expired,?|queue\.expired;? ?(?:message expired)?|:? ?retry time(?:out)? exceeded|delivery expired \(message too old\)(?: \(?'timeout'\)?)?|expired after [^.;]{1,60}|(?:message )?(?:could not|couldn't) be delivered (?:for|within|in|after) [^.;]{1,30}(?:days?|hours?)|in (?:the )?queue (?:for )?too long|(?:message|delivery) (?:has )?(?:timed out|expired)|delivery time expired|message time-?out(?: exceeded| expired)|too long in queue|maximum (?:retry|queue) time/g;
const EXPIRED_CODES = new Set(['4.4.7', '5.4.7', '5.4.300', '4.4.300']);

/** Decides one layer by the rule tables. */
export function decide(reply: ParsedReply, layer: string, stage: Stage | undefined): Decision {
  const folded = fold(reply.code === null && reply.enhanced === null ? layer : reply.text);
  const issuer = identifyIssuer(folded);
  const subject: RuleSubject = { code: reply.code, enhanced: reply.enhanced, folded, issuer };
  if (reply.code !== null && /^[23]/.test(reply.code)) {
    const rule = RULE_INDEX.find(subject);
    const bare = rule?.errorType === null ? rule : RULE_INDEX.find({ ...subject, enhanced: null, folded: '' });
    return fromRule(bare, subject, false);
  }
  const expired = (reply.enhanced !== null && EXPIRED_CODES.has(reply.enhanced)) || folded.search(EXPIRED) >= 0;
  if (expired) {
    const aged = reply.enhanced !== null && EXPIRED_CODES.has(reply.enhanced);
    const rest = {
      ...subject,
      code: null,
      enhanced: aged ? null : subject.enhanced,
      folded: folded.replace(EXPIRED, ' '),
    };
    const reason = RULE_INDEX.find(rest);
    if (reason !== undefined && reason.confidence >= 0.8 && reason.errorType !== 'MessageExpired') {
      return fromRule(reason, rest, true);
    }
    const said = RULE_INDEX.find(subject);
    if (said?.errorType === 'MessageExpired') return fromRule(said, subject, true);
    return { ...F.EXPIRED, confidence: 0.85, meaning: EXPIRED_MEANING, ruleId: 'expired', issuer, expired };
  }
  return atStage(fromRule(RULE_INDEX.find(subject), subject, false), subject, stage);
}

const EXPIRED_MEANING = 'The message grew too old in the queue; the last deferral tells why.';

function fromRule(rule: Rule | undefined, subject: RuleSubject, expired: boolean): Decision {
  const { issuer } = subject;
  if (rule === undefined) return { ...unknownOf(subject), ruleId: null, issuer, expired };
  const { errorType, cause, owner, confidence, meaning, id } = rule;
  // A final reply that speaks of a passing trouble contradicts itself.
  const doubt = id === 'text-busy' && subject.code?.startsWith('5') === true ? 0.3 : 0;
  const coded = WORDS.test(id) ? precise(subject) : undefined;
  const differs = coded !== undefined && coded.errorType !== errorType;
  const agreed = differs
    ? -CONTRADICTED
    : rule.text !== undefined && subject.enhanced !== null && confidence < 0.95
      ? 0.02
      : 0;
  return { errorType, cause, owner, confidence: confidence + agreed - doubt, meaning, ruleId: id, issuer, expired };
}

/** The words decide, but less surely, where the enhanced code on its own names another fault. */
const CONTRADICTED = 0.12;
const PRECISE = 0.84;
/** Rules of general words; what a vendor writes is not doubted. */
const WORDS = /^(?:text|lang2?|concept)-/;

/** What the codes say on their own, where they say something definite. */
function precise(subject: RuleSubject): Rule | undefined {
  if (subject.enhanced === null) return undefined;
  const rule = RULE_INDEX.find({ ...subject, folded: '' });
  return rule !== undefined && rule.enhanced !== undefined && rule.confidence >= PRECISE ? rule : undefined;
}

function unknownOf({ code, enhanced }: RuleSubject): Omit<Decision, 'ruleId' | 'issuer' | 'expired'> {
  const first = (code ?? enhanced)?.[0];
  const unknown = { errorType: 'Unknown', owner: 'unknown' } as const;
  if (first === '4')
    return {
      ...unknown,
      cause: 'transient',
      confidence: 0.25,
      meaning: 'The server refused for now; it does not say why.',
    };
  if (first === '5')
    return { ...unknown, cause: 'permanent', confidence: 0.25, meaning: 'The server refused; it does not say why.' };
  return { ...unknown, cause: 'unknown-reason', confidence: 0.1, meaning: 'The words name no reason that I know.' };
}

/** Where in the session a bare code came settles what the code alone leaves open. */
function atStage(decision: Decision, { code, enhanced }: RuleSubject, stage: Stage | undefined): Decision {
  if (stage === undefined || code === null || decision.confidence >= 0.66) return decision;
  const permanent = code.startsWith('5');
  const named = { ...decision, ruleId: `stage-${stage}` };
  if (stage === 'starttls')
    return { ...named, ...F.STARTTLS_REFUSED, confidence: 0.8, meaning: 'The server refused STARTTLS.' };
  if (stage === 'auth' && permanent)
    return { ...named, ...F.AUTH_REJECTED, confidence: 0.75, meaning: 'The server refused the log-in.' };
  if (stage === 'ehlo' && permanent)
    return { ...named, ...F.PROTOCOL, confidence: 0.65, meaning: 'The server refused EHLO.' };
  if (
    stage === 'rcpt' &&
    permanent &&
    decision.errorType === 'Unknown' &&
    (enhanced === null || enhanced.startsWith('5.1'))
  ) {
    return {
      ...named,
      ...F.UNKNOWN_RECIPIENT,
      confidence: 0.5,
      meaning: 'The server refused the recipient without saying why.',
    };
  }
  if (stage === 'mail' && permanent && decision.errorType === 'Unknown') {
    return {
      ...named,
      ...F.SENDER_INVALID,
      confidence: 0.45,
      meaning: 'The server refused the sender without saying why.',
    };
  }
  if (code === '552' && (stage === 'mail' || stage === 'end-of-data' || stage === 'bdat')) {
    return { ...named, ...F.SIZE, confidence: 0.65, meaning: 'The message is larger than the server takes.' };
  }
  return decision;
}
