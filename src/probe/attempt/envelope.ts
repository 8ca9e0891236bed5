import type { Command, SmtpSession } from '../session/session.ts';
import type { SmtpReply } from '../session/smtp-reply.ts';
import type { Attempt } from './attempt-context.ts';
import { capability } from './greet.ts';

/** What MAIL and RCPT carry behind the address, each with a blank in front; empty where there is nothing to say. */
export interface EnvelopeParameters {
  mail: string;
  rcpt: string;
}

/**
 * What the server offers and a probe can use: the size of the message (RFC 1870), and for DSNs that none be made of a
 * probe and nothing be sent back whole (RFC 3461 4.1, 4.3). Without a message none of it matters.
 */
export function envelopeParameters(
  capabilities: readonly string[],
  messageBytes: number | undefined,
): EnvelopeParameters {
  if (messageBytes === undefined) return { mail: '', rcpt: '' };
  const dsn = capability(capabilities, 'DSN') !== undefined;
  const size = capability(capabilities, 'SIZE') !== undefined;
  return { mail: `${size ? ` SIZE=${messageBytes}` : ''}${dsn ? ' RET=HDRS' : ''}`, rcpt: dsn ? ' NOTIFY=NEVER' : '' };
}

/** RFC 5321 4.2.2: syntax of parameters (501), parameter not implemented (504), not recognised (555). */
const PARAMETERS_REFUSED = new Set([501, 504, 555]);

/** The replies to MAIL and RCPT, to be asked for in this order. */
export interface Envelope {
  mail: () => Promise<SmtpReply>;
  rcpt: () => Promise<SmtpReply>;
}

/**
 * Sends MAIL and RCPT: together where the server offers PIPELINING, one after the other where it does not. `always` are
 * parameters of MAIL that cannot be left out.
 */
export function sendEnvelope(
  attempt: Attempt,
  session: SmtpSession,
  parameters: EnvelopeParameters,
  always: string,
): Envelope {
  const { record, settings } = attempt;
  const mail = { stage: 'mail', line: `MAIL FROM:<${settings.from}>${always}${parameters.mail}` } as const;
  const rcpt = { stage: 'rcpt', line: `RCPT TO:<${settings.to}>${parameters.rcpt}` } as const;
  const together = settings.pipelining === 'auto' && capability(record.capabilities, 'PIPELINING') !== undefined;
  if (together) {
    record.pipelined = true;
    const [first, second] = session.pipeline([mail, rcpt]);
    if (first !== undefined && second !== undefined) {
      return withoutRefused(attempt, session, { mail: first, rcpt: second, parameters, always, drains: true });
    }
  }
  const ask = ({ stage, line }: typeof mail | typeof rcpt) => session.command(stage, line);
  const envelope = { mail: () => ask(mail), rcpt: () => ask(rcpt), parameters, always, drains: false };
  return withoutRefused(attempt, session, envelope);
}

interface Sent extends Envelope {
  parameters: EnvelopeParameters;
  always: string;
  /** RCPT is on the wire already: its reply is to be read before anything else is sent. */
  drains: boolean;
}

/** Parameters are a courtesy: a server that stumbles over what it offers is asked once more without them. */
function withoutRefused({ record, settings }: Attempt, session: SmtpSession, sent: Sent): Envelope {
  const { parameters, always } = sent;
  const refused = ({ code }: SmtpReply, own: string): boolean => own !== '' && PARAMETERS_REFUSED.has(code);
  const again = async (command: Command, own: string, { code }: SmtpReply): Promise<SmtpReply> => {
    const reply = await session.command(command.stage, command.line);
    // The same code without the parameters was never about them.
    if (reply.code !== code) {
      const where = command.stage.toUpperCase();
      record.notes.add(`The server refuses${own} at ${where} (${code}) although it offers it; asked again without.`);
    }
    return reply;
  };
  let askRcpt = sent.rcpt;
  return {
    async mail() {
      const reply = await sent.mail();
      if (!refused(reply, parameters.mail)) return reply;
      if (sent.drains) await sent.rcpt();
      askRcpt = () => session.command('rcpt', `RCPT TO:<${settings.to}>${parameters.rcpt}`);
      return again({ stage: 'mail', line: `MAIL FROM:<${settings.from}>${always}` }, parameters.mail, reply);
    },
    async rcpt() {
      const reply = await askRcpt();
      if (!refused(reply, parameters.rcpt)) return reply;
      return again({ stage: 'rcpt', line: `RCPT TO:<${settings.to}>` }, parameters.rcpt, reply);
    },
  };
}
