import { classifyReply } from '../analysis/reply/classify-reply.ts';
import type { Fault, Stage } from '../vocabulary.ts';
import { decodeText, type SmtpReply } from './smtp-reply.ts';

/** What a reply of the peer means: the words decide, and where they do not, the class of its code (RFC 5321 4.2.1). */
export function replyFault(reply: SmtpReply, stage: Stage): Fault {
  if (reply.code < 400) return { errorType: 'ProtocolError', cause: 'protocol', owner: 'recipient' };
  const verdict = classifyReply(reply.lines.map(decodeText).join('\n'), { stage });
  if (verdict.errorType !== null && verdict.errorType !== 'Unknown' && verdict.cause !== 'ok') {
    return { errorType: verdict.errorType, cause: verdict.cause, owner: verdict.owner };
  }
  // RFC 5321 3.8: 421 says that the server is shutting the channel down, whatever the words.
  if (reply.code === 421) return { errorType: 'ServerBusy', cause: 'busy', owner: 'recipient' };
  return {
    errorType: 'Unknown',
    cause: reply.code < 500 ? 'transient' : 'permanent',
    owner: verdict.owner === 'none' ? 'unknown' : verdict.owner,
  };
}
