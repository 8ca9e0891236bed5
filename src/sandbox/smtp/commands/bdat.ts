import { startDraft } from '../received-message.ts';
import type { SmtpCommand } from '../state.ts';

/**
 * BDAT octets [LAST] (RFC 3030 section 2). The octets follow whether or not the command is in place, so they are read
 * in any case and the reply comes after them; a count that cannot be read leaves no way to go on.
 */
export const bdat: SmtpCommand = (state, args) => {
  const match = /^(\d{1,10})(?: +(LAST))?$/i.exec(args);
  if (match === null) return { reply: '501 5.5.4 Invalid arguments', next: { kind: 'close' } };
  const octets = Number(match[1]);
  if (octets > state.role.limits.drainOctets) {
    return { reply: '552 5.3.4 Message size exceeds fixed maximum message size', next: { kind: 'close' } };
  }
  if (!state.chunking) state.draft = startDraft(state.role.clock.elapsed());
  state.chunking = true;
  return { next: { kind: 'chunk', octets, last: match[2] !== undefined } };
};
