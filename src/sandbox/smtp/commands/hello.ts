import { CLIENT_IP } from '../reply-text.ts';
import { resetTransaction, type SmtpCommand, scripted } from '../state.ts';

/** EHLO with the keywords that Exchange Online advertises; STARTTLS only while the session is not secure (RFC 3207). */
export const ehlo: SmtpCommand = (state, args) => {
  if (args === '') return { reply: '501 5.5.4 Invalid domain name' };
  const { host, script, limits } = state.role;
  resetTransaction(state);
  state.greeted = true;
  const offersTls = script.tls !== 'none' && !state.secure;
  const usual = [
    `SIZE ${limits.messageOctets}`,
    'PIPELINING',
    'DSN',
    'ENHANCEDSTATUSCODES',
    ...(offersTls ? ['STARTTLS'] : []),
    '8BITMIME',
    'BINARYMIME',
    'CHUNKING',
    'SMTPUTF8',
  ];
  const lines = [`${host} Hello [${CLIENT_IP}]`, ...(script.capabilities ?? usual)];
  const reply = lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`).join('\n');
  return { reply: scripted(state, 'ehlo') ?? reply };
};

export const helo: SmtpCommand = (state, args) => {
  if (args === '') return { reply: '501 5.5.4 Invalid domain name' };
  resetTransaction(state);
  state.greeted = true;
  return { reply: `250 ${state.role.host} Hello [${CLIENT_IP}]` };
};
