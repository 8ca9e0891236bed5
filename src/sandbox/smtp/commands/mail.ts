import { parsePath } from '../parse-path.ts';
import { type SmtpCommand, scripted } from '../state.ts';

/** MAIL FROM with the parameters that EHLO offers; a SIZE beyond the limit is refused at once (RFC 1870 section 6.1). */
export const mail: SmtpCommand = (state, args) => {
  if (!state.greeted) return { reply: '503 5.5.2 Send hello first' };
  if (state.from !== undefined) return { reply: '503 5.5.2 Sender already specified' };
  const path = parsePath(args, 'FROM');
  if (path === undefined) return { reply: '501 5.5.4 Invalid arguments' };
  if (path.address !== '' && !path.address.includes('@')) return { reply: '501 5.1.7 Invalid address' };
  const words = scripted(state, 'mail');
  if (words !== undefined) return { reply: words };
  if (Number(path.parameters.get('SIZE') ?? 0) > state.role.limits.messageOctets) {
    return { reply: '552 5.3.4 Message size exceeds fixed maximum message size' };
  }
  state.from = path.address;
  return { reply: '250 2.1.0 Sender OK' };
};
