import type { Stage } from '../../vocabulary.ts';
import { replyProblem } from '../faults/classify.ts';
import type { SmtpSession } from '../session/session.ts';
import { replyWords, type SmtpReply } from '../session/smtp-reply.ts';
import type { Attempt } from './attempt-context.ts';
import { envelopeParameters, sendEnvelope } from './envelope.ts';
import { capability } from './greet.ts';
import { greylistProblem, isGreylisted } from './greylist.ts';
import { messageIdOf, renderProbeMessage, stuffDots } from './probe-message.ts';

/** The mail transaction: MAIL and RCPT, and at depth `submit` the message itself. Trouble is recorded. */
export async function deliver(attempt: Attempt, session: SmtpSession): Promise<void> {
  const { record, settings } = attempt;
  const { probeId, from, to, helo } = settings;
  const message =
    settings.depth === 'submit'
      ? renderProbeMessage({ probeId, from, to, helo, date: settings.clock.now() })
      : undefined;
  const bytes = message === undefined ? undefined : Buffer.byteLength(message);
  const always = extraParameters(attempt, bytes);
  if (always === undefined) return;
  const envelope = sendEnvelope(attempt, session, envelopeParameters(record.capabilities, bytes), always);
  if (!accepted(attempt, await envelope.mail(), 'mail')) return;
  const rcpt = await envelope.rcpt();
  if (!accepted(attempt, rcpt, 'rcpt')) return;
  record.recipientAccepted = true;
  record.achieved = `accepts mail for ${to}`;
  if (rcpt.code === 252) record.notes.add('The server takes the recipient without checking it (252).');
  if (message !== undefined) await submit(attempt, session, message);
}

async function submit(attempt: Attempt, session: SmtpSession, message: string): Promise<void> {
  const { record, settings } = attempt;
  const chunking = capability(record.capabilities, 'CHUNKING') !== undefined;
  if (settings.chunking === 'bdat' && !chunking)
    record.notes.add('The server does not offer CHUNKING, so DATA is used.');
  const last =
    chunking && settings.chunking !== 'data'
      ? await sendChunk(attempt, session, message)
      : await sendData(attempt, session, message);
  if (last === undefined || !accepted(attempt, last.reply, last.stage)) return;
  record.achieved = `took the probe message ${settings.probeId}: ${replyWords(last.reply)}`;
}

interface LastReply {
  reply: SmtpReply;
  stage: Stage;
}

/** RFC 3030: the whole message as one last chunk, without dot-stuffing. */
async function sendChunk(attempt: Attempt, session: SmtpSession, message: string): Promise<LastReply> {
  const command = `BDAT ${Buffer.byteLength(message)} LAST`;
  noteSent(attempt);
  return { reply: await session.exchange('bdat', `${command}\r\n${message}`, `${command} (message)`), stage: 'bdat' };
}

async function sendData(attempt: Attempt, session: SmtpSession, message: string): Promise<LastReply | undefined> {
  const { record } = attempt;
  const go = await session.command('data', 'DATA');
  if (go.code !== 354) {
    // A positive answer belongs to an earlier command: replies and commands do not match any more.
    if (record.pipelined && go.code < 300) record.outOfStep = true;
    if (go.code < 400) {
      record.lastReply = go;
      record.fail(replyProblem(go, 'data'));
    } else accepted(attempt, go, 'data');
    return undefined;
  }
  record.lastReply = go;
  const data = stuffDots(message);
  noteSent(attempt);
  const reply = await session.exchange('end-of-data', data, `(message of ${Buffer.byteLength(data)} bytes)`);
  return { reply, stage: 'end-of-data' };
}

function noteSent({ record, settings }: Attempt): void {
  record.messageId = messageIdOf(settings);
}

/**
 * Records a refusal. One that only says "use TLS first" is the fault of the TLS that failed before; one that only says
 * "come back later" does not stop mail.
 */
function accepted({ record }: Attempt, reply: SmtpReply, stage: Stage): boolean {
  record.lastReply = reply;
  if (reply.code >= 200 && reply.code < 300) return true;
  if (isGreylisted(reply, stage)) {
    record.greylisted = { reply, stage };
    record.degrade(greylistProblem(reply, stage, record.waitedMs));
    return false;
  }
  const problem = replyProblem(reply, stage);
  const tls = record.tlsProblem();
  record.fail(
    tls !== undefined && wantsTls(reply)
      ? { ...tls, words: `${tls.words}, and the server demands TLS: ${replyWords(reply)}` }
      : problem,
  );
  return false;
}

/** RFC 3207 4 answers 530 where TLS is wanted, RFC 4954 6 where a log-in is. */
function wantsTls({ code, lines }: SmtpReply): boolean {
  const words = lines.join(' ');
  if (/\bstarttls\b|\btls\b.{0,20}\brequired\b/i.test(words)) return true;
  return code === 530 && !/\bauth|\blog[- ]?in\b/i.test(words);
}

/** Parameters that MAIL cannot do without; undefined when this server cannot carry the mail, and the record says so. */
function extraParameters({ record, settings }: Attempt, bytes: number | undefined): string | undefined {
  const max = Number(capability(record.capabilities, 'SIZE') ?? 0);
  // RFC 1870 4: 0 and no number say that there is no fixed maximum.
  if (bytes !== undefined && max > 0 && max < bytes) {
    record.fail({
      errorType: 'MessageTooLarge',
      cause: 'size-limit',
      owner: 'recipient',
      stage: 'mail',
      words: `takes messages of at most ${max} bytes (SIZE), and the probe message has ${bytes}, so it was not sent`,
    });
    return undefined;
  }
  if (!/[^\x00-\x7f]/.test(settings.from + settings.to)) return '';
  // RFC 6531 3.1.
  if (capability(record.capabilities, 'SMTPUTF8') !== undefined) return ' SMTPUTF8';
  record.fail({
    errorType: 'RecipientRejected',
    cause: 'bad-address',
    owner: 'recipient',
    stage: 'mail',
    words: 'does not offer SMTPUTF8, which an address outside ASCII needs',
  });
  return undefined;
}
