import { mailboxReply } from '../../mailboxes.ts';
import { parsePath } from '../parse-path.ts';
import { fillIn } from '../reply-text.ts';
import { type SmtpCommand, type SmtpState, scripted } from '../state.ts';

/** RCPT TO: relaying, mailbox, the script's own words and greylisting, in the order in which a server decides them. */
export const rcpt: SmtpCommand = (state, args) => {
  if (state.from === undefined) return { reply: '503 5.5.2 Need mail command' };
  const to = parsePath(args, 'TO')?.address;
  if (to === undefined) return { reply: '501 5.5.4 Invalid arguments' };
  if (state.recipients.length >= state.role.limits.recipients) return { reply: '452 4.5.3 Too many recipients' };
  const reply = recipientReply(state, state.from, to);
  if (reply.startsWith('2')) state.recipients.push(to);
  return { reply };
};

function recipientReply(state: SmtpState, from: string, to: string): string {
  const { host, domain, greylist } = state.role;
  const at = to.lastIndexOf('@');
  // RFC 5321 section 4.1.1.3: `<postmaster>` without a domain is always a valid recipient.
  const local = at < 0 && to.toLowerCase() === 'postmaster' ? to : to.slice(0, Math.max(0, at));
  if (local === '') return '501 5.1.3 Invalid address';
  if (at >= 0 && to.slice(at + 1).toLowerCase() !== domain) {
    return '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain';
  }
  const words = scripted(state, 'rcpt', to);
  if (words !== undefined) return words;
  const reply = fillIn(mailboxReply(local), host, to);
  const waitS = reply.startsWith('2') ? greylist.waitFor(from, to) : 0;
  if (waitS === 0) return reply;
  return `450 4.2.0 <${to}>: Recipient address rejected: Greylisted, please try again in ${waitS} seconds`;
}
