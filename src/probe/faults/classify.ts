import type { Cause, Fault, Owner, Stage } from '../../vocabulary.ts';
import type { SessionError } from '../session/session-error.ts';
import { decodeText, describeReply, printable, replyWords, type SmtpReply } from '../session/smtp-reply.ts';
import { handshakeFault, handshakeWords } from '../tls/tls-failure.ts';
import type { Problem } from './problem.ts';
import { replyFault } from './reply-class.ts';

/** What is known of the session besides how it ended. */
export interface SessionContext {
  port: number;
  lastReply: SmtpReply | undefined;
  /** The peer had taken RCPT: whatever hangs now is behind its front end. */
  recipientAccepted: boolean;
  /** Not the stage but the whole probe had run out of time. */
  timeUp?: boolean;
  /** How long the connection took, where it came about. */
  connectMs?: number | undefined;
}

const REFUSALS: Partial<Record<Stage, string>> = {
  banner: 'turns us away at the greeting',
  ehlo: 'refuses our EHLO',
  mail: 'refuses the sender',
  rcpt: 'refuses the recipient',
  data: 'refuses DATA',
  bdat: 'refuses the message',
  'end-of-data': 'refuses the message after the data',
};

/** A reply other than the one that was hoped for. */
export function replyProblem(reply: SmtpReply, stage: Stage): Problem {
  if (reply.code < 400) return unexpectedReply(reply, stage);
  const refusal = REFUSALS[stage] ?? `refuses ${stage.toUpperCase()}`;
  const phrase = reply.code < 500 ? refusal.replace(/^refuses/, 'defers') : refusal;
  const inTransaction = ['mail', 'rcpt', 'data', 'bdat', 'end-of-data'].includes(stage);
  const { meaning, ...fault } = replyFault(reply, stage);
  const said = replyWords(reply);
  return {
    ...fault,
    stage,
    words: meaning === undefined ? `${phrase}: ${said}` : `${phrase}: ${asClause(meaning)} (${codesOf(reply)})`,
    endsDelivery: inTransaction && reply.code >= 500,
  };
}

/** A reply that refuses nothing but cannot stand here, such as 354 to MAIL (RFC 5321 4.3.2). */
function unexpectedReply(reply: SmtpReply, stage: Stage): Problem {
  const where = stage === 'banner' ? 'the greeting' : `the answer at ${stage}`;
  return {
    ...protocolFault('protocol'),
    stage,
    words: `${where} is "${replyWords(reply)}", which does not belong there`,
  };
}

function codesOf(reply: SmtpReply): string {
  const { code, enhanced } = describeReply(reply);
  return [code, enhanced].filter((part) => part !== null).join(' ');
}

/** A sentence as it stands after a colon: names keep their capital. */
function asClause(sentence: string): string {
  const clause = sentence.replace(/\.$/, '');
  return clause.replace(/^(?:The|An?|There|This|No|It)\b/, (word) => word.toLowerCase());
}

/** A session that broke. `cancelled` and `bad-argument` are no findings about the peer and must not come here. */
export function sessionProblem(error: SessionError, context: SessionContext): Problem {
  const { stage } = error;
  switch (error.kind) {
    case 'timeout':
      return timeoutProblem(error, context);
    case 'socket':
      return stage === 'connect' ? connectProblem(error.errno, context.port) : lostProblem(error, context);
    case 'closed':
      return stage === 'tls' ? tlsProblem('ECONNRESET') : lostProblem(error, context);
    case 'tls':
      return tlsProblem(error.errno, stage);
    case 'malformed-reply':
      return { ...protocolFault('malformed-reply'), stage, words: malformedWords(error.message) };
    case 'reply-too-long':
      return { ...protocolFault('reply-too-long'), stage, words: `the reply does not end: ${error.message}` };
    case 'starttls-injection':
      return {
        ...protocolFault('starttls-injection'),
        stage: 'starttls',
        words: 'plain text follows the reply to STARTTLS, as in a command injection (RFC 3207 5)',
      };
    case 'cancelled':
    case 'bad-argument':
      throw error;
  }
}

function protocolFault(cause: Cause<'ProtocolError'>, owner: Owner = 'recipient'): Fault {
  return { errorType: 'ProtocolError', cause, owner };
}

function tlsProblem(errno: string | undefined, stage: Stage = 'tls'): Problem {
  const fault = handshakeFault(errno);
  return { ...fault, stage, words: handshakeWords(fault, errno) };
}

/** Errors of connect(2) in the vocabulary. */
const CONNECT_CAUSES: Readonly<Record<string, [Cause<'UnableToConnect'>, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused: nothing listens there, or a firewall turns us away'],
  ETIMEDOUT: ['timeout', 'no answer to the connection: a firewall drops it, or no machine has this address'],
  EHOSTUNREACH: ['unreachable', 'no route to this address'],
  ENETUNREACH: ['unreachable', 'no route to this network from here'],
  EADDRNOTAVAIL: ['unreachable', 'no route to this network from here'],
  EAFNOSUPPORT: ['unreachable', 'this machine does not speak this version of IP'],
  EACCES: ['unreachable', 'this machine may not open the connection'],
  EPERM: ['unreachable', 'this machine may not open the connection'],
};

function connectProblem(errno: string | undefined, port: number): Problem {
  const [cause, words] = CONNECT_CAUSES[errno ?? ''] ?? [
    'not-connected',
    `cannot connect (${errno ?? 'unknown error'})`,
  ];
  return { errorType: 'UnableToConnect', cause, owner: 'network', stage: 'connect', words: `${words} (port ${port})` };
}

function lostProblem(error: SessionError, context: SessionContext): Problem {
  const { stage, goodbye } = error;
  if (goodbye !== undefined) return replyProblem(goodbye, stage);
  const reset = error.kind === 'socket' && error.errno !== 'EPIPE';
  const fault: Fault = {
    errorType: 'ConnectionLost',
    cause: reset ? 'reset' : 'closed-by-peer',
    owner: reset ? 'network' : 'recipient',
  };
  const how = reset ? 'the connection is reset' : 'the server closes the connection';
  if (stage === 'banner') return { ...fault, stage, words: `${ungreeted(context)}: ${how}` };
  return { ...fault, stage, words: `${how} at ${stage}${hint(context)}` };
}

function timeoutProblem(error: SessionError, context: SessionContext): Problem {
  const { stage } = error;
  if (stage === 'connect') return connectProblem('ETIMEDOUT', context.port);
  if (stage === 'tls') {
    const fault: Fault = { errorType: 'TlsHandshakeFailure', cause: 'timeout', owner: 'recipient' };
    return { ...fault, stage, words: handshakeWords(fault, undefined) };
  }
  const what = stage === 'banner' ? ungreeted(context) : `hangs at ${stage}`;
  return {
    errorType: 'ProbeTimeout',
    cause: stage,
    owner: stage === 'banner' ? 'network' : 'recipient',
    stage,
    words: `${what} (${context.timeUp === true ? 'the time of the probe was up' : error.message})${hint(context)}`,
  };
}

/** Seed 000: a port check says how long the connection took, and that no greeting could be read. */
function ungreeted({ connectMs }: SessionContext): string {
  return `connected${connectMs === undefined ? '' : ` in ${connectMs} ms`}, but no greeting could be read`;
}

/** Seed 000: "250 Recipient OK" as the last reply points at what stands behind the front end. */
function hint({ lastReply, recipientAccepted }: SessionContext): string {
  if (lastReply === undefined) return '';
  const last = `; the last reply was "${replyWords(lastReply, 120)}"`;
  return recipientAccepted ? `${last}: the front end took the recipient, so look behind it` : last;
}

/** Who speaks, when it is not an SMTP server. */
const OTHER_PROTOCOLS: [RegExp, string][] = [
  [/^HTTP\//i, 'a web server (HTTP)'],
  [/^SSH-/, 'an SSH server'],
  [/^\* OK/i, 'an IMAP server'],
  [/^\+OK/i, 'a POP3 server'],
  [/^[\x15\x16]\x03/, 'a server that speaks TLS from the start: try --tls implicit'],
];

function malformedWords(line: string): string {
  const other = OTHER_PROTOCOLS.find(([pattern]) => pattern.test(line))?.[1];
  // JSON escapes the control characters of ASCII only.
  const shown = printable(JSON.stringify(decodeText(line.slice(0, 80))));
  return other === undefined ? `not an SMTP reply: ${shown}` : `not an SMTP server but ${other} (${shown})`;
}
