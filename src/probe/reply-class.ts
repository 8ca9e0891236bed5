import { classifyReply } from '../analysis/reply/classify-reply.ts';
import type { Fault, Stage } from '../vocabulary.ts';
import { decodeText, type SmtpReply } from './smtp-reply.ts';

/** A fault with what it means in a sentence, where the words of the reply carry one. */
export interface ReplyFault extends Fault {
  meaning?: string;
}

/** What a refusal of the peer means: the words decide, and where they do not, the class of its code (RFC 5321 4.2.1). */
export function replyFault(reply: SmtpReply, stage: Stage): ReplyFault {
  const verdict = classifyReply(reply.lines.map(decodeText).join('\n'), { stage });
  if (verdict.errorType !== null && verdict.errorType !== 'Unknown' && verdict.cause !== 'ok') {
    const { errorType, cause, owner, meaning } = verdict;
    return { errorType, cause, owner, ...(meaning === '' ? {} : { meaning }) };
  }
  // RFC 5321 3.8: 421 says that the server is shutting the channel down, whatever the words.
  if (reply.code === 421) return { errorType: 'ServerBusy', cause: 'busy', owner: 'recipient' };
  return {
    errorType: 'Unknown',
    cause: reply.code < 500 ? 'transient' : 'permanent',
    owner: verdict.owner === 'none' ? 'unknown' : verdict.owner,
  };
}
