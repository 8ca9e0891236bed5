import { startDraft } from '../received-message.ts';
import { type SmtpCommand, scripted } from '../state.ts';

/** DATA; not to be mixed with BDAT in one transaction (RFC 3030 section 2). */
export const data: SmtpCommand = (state, args) => {
  if (args !== '') return { reply: '501 5.5.4 Invalid arguments' };
  if (state.chunking) return { reply: '503 5.5.2 DATA may not be mixed with BDAT' };
  if (state.recipients.length === 0) {
    return { reply: state.from === undefined ? '503 5.5.2 Need mail command' : '503 5.5.2 Need rcpt command' };
  }
  const words = scripted(state, 'data');
  if (words !== undefined) return { reply: words };
  state.draft = startDraft(state.role.clock.elapsed());
  return { reply: '354 Start mail input; end with <CRLF>.<CRLF>', next: { kind: 'data' } };
};
