import { bdat } from './commands/bdat.ts';
import { data } from './commands/data.ts';
import { ehlo, helo } from './commands/hello.ts';
import { mail } from './commands/mail.ts';
import { rcpt } from './commands/rcpt.ts';
import { starttls } from './commands/starttls.ts';
import { refuse, resetTransaction, type SmtpCommand, type SmtpState, type Step, scripted } from './state.ts';

const COMMANDS: Record<string, SmtpCommand> = {
  EHLO: ehlo,
  HELO: helo,
  STARTTLS: starttls,
  MAIL: mail,
  RCPT: rcpt,
  DATA: data,
  BDAT: bdat,
  RSET: (state) => {
    resetTransaction(state);
    return { reply: '250 2.0.0 Resetting' };
  },
  NOOP: () => ({ reply: '250 2.0.0 OK' }),
  QUIT: () => ({ reply: '221 2.0.0 Service closing transmission channel', next: { kind: 'close' } }),
  VRFY: () => ({ reply: '252 2.1.5 Cannot VRFY user' }),
  AUTH: () => ({ reply: '504 5.7.4 Unrecognized authentication type' }),
};

/** The banner, worded as Exchange words it. */
export function greet(state: SmtpState): Step {
  const { host, clock } = state.role;
  const date = clock.now().toUTCString().replace('GMT', '+0000');
  const usual = `220 ${host} Microsoft ESMTP MAIL Service ready at ${date} [${state.sessionId}]`;
  const reply = scripted(state, 'banner') ?? usual;
  state.turnedAway = !reply.startsWith('2');
  return { reply };
}

/** Answers one command line. */
export function answerLine(state: SmtpState, line: string): Step {
  const [verb = '', ...rest] = line.trimEnd().split(' ');
  const name = verb.toUpperCase();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (state.turnedAway && name !== 'QUIT') return refuse(state, '503 5.5.1 Bad sequence of commands');
  if (command === undefined) return refuse(state, '500 5.3.3 Unrecognized command');
  const step = command(state, rest.join(' ').trim());
  return step.reply !== undefined && /^5/.test(step.reply) ? refuse(state, step.reply, step.next) : step;
}
