import { type SmtpCommand, scripted } from '../state.ts';

/** STARTTLS (RFC 3207): everything said before is forgotten once TLS is up. */
export const starttls: SmtpCommand = (state, args) => {
  if (state.secure || state.role.script.tls === 'none') return { reply: '502 5.3.3 Command not implemented' };
  if (args !== '') return { reply: '501 5.5.4 Invalid arguments' };
  if (!state.greeted) return { reply: '503 5.5.2 Send hello first' };
  const words = scripted(state, 'starttls');
  if (words !== undefined) return { reply: words };
  return { reply: '220 2.0.0 SMTP server ready', next: { kind: 'starttls' } };
};
