import type { Cause } from '../../vocabulary.ts';
import { replyProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import { decodeText, replyWords, type SmtpReply } from '../session/smtp-reply.ts';

const MAX_CHALLENGE = 2000;
const MAX_SAID = 200;

/** Codes with which a server refuses the mechanism and not the secret (RFC 4954 4 and 6). */
const MECHANISM_REFUSED = new Set([500, 501, 502, 503, 504, 530, 534, 538]);

/** A refused log-in: the words decide between a wrong secret and a closed door, the code where they do not. */
export function loginProblem(reply: SmtpReply, keyword: string, said: string | undefined): Problem {
  const problem = replyProblem(reply, 'auth');
  const more = said === undefined ? '' : `; it explains: ${said}`;
  const words = `refuses the log-in (AUTH ${keyword}): ${replyWords(reply)}${more}`;
  // Nobody offers a refused secret to the next host: accounts are locked that way.
  const endsDelivery = reply.code >= 500;
  if (reply.code < 500 || ['ServerBusy', 'ReputationBlock'].includes(problem.errorType))
    return { ...problem, words, endsDelivery };
  const cause = loginCause(reply, problem);
  return { errorType: 'AuthFailure', cause, owner: 'sender', stage: 'auth', words, endsDelivery };
}

function loginCause(reply: SmtpReply, { errorType, cause }: Problem): Cause<'AuthFailure'> {
  // An account that needs a password of its own for programs refuses this password (534 5.7.9 of Gmail).
  if (/password/i.test(reply.lines.join(' '))) return 'rejected';
  if (MECHANISM_REFUSED.has(reply.code)) return 'disabled';
  return errorType === 'AuthFailure' && cause === 'disabled' ? 'disabled' : 'rejected';
}

/** What a challenge says in words: XOAUTH2 sends its error as JSON in base64. Undefined when it says nothing readable. */
export function explanation(challenge: string, conceal: (text: string) => string): string | undefined {
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(challenge)) return undefined;
  const text = decodeText(Buffer.from(challenge.slice(0, MAX_CHALLENGE), 'base64').toString('latin1'));
  const clean = conceal(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(clean);
  if (!/^\{.*\}$/.test(clean)) return undefined;
  return characters.length <= MAX_SAID ? clean : `${characters.slice(0, MAX_SAID - 1).join('')}…`;
}
