import { classifyReply } from '../../analysis/reply/classify-reply.ts';
import type { Fault, Stage } from '../../vocabulary.ts';
import { decodeText, type SmtpReply } from '../session/smtp-reply.ts';
import { faultAtStage } from './reply-stage.ts';

/** A fault with what it means in a sentence, where the words of the reply carry one. */
export interface ReplyFault extends Fault {
  meaning?: string;
}

/**
 * What a refusal of the peer means: the words decide; where in the session they are heard may tell more; and where neither
 * does, the class of the code (RFC 5321 4.2.1).
 */
export function replyFault(reply: SmtpReply, stage: Stage): ReplyFault {
  const text = reply.lines.map(decodeText).join('\n');
  const verdict = classifyReply(text, { stage });
  const { errorType, cause, owner, meaning } = verdict;
  const said =
    errorType === null || errorType === 'Unknown' || cause === 'ok'
      ? undefined
      : { errorType, cause, owner, ...(meaning === '' ? {} : { meaning }) };
  const { code } = reply;
  const placed = faultAtStage({ code, enhanced: verdict.enhanced, text: verdict.text, stage, said });
  if (placed !== undefined) return placed;
  if (said !== undefined) return said;
  return {
    errorType: 'Unknown',
    cause: code < 500 ? 'transient' : 'permanent',
    owner: owner === 'none' ? 'unknown' : owner,
  };
}
