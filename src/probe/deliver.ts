import type { Stage } from '../vocabulary.ts';
import type { Attempt } from './attempt-context.ts';
import { replyProblem } from './classify.ts';
import { capability } from './greet.ts';
import { renderProbeMessage, stuffDots } from './probe-message.ts';
import type { SmtpSession } from './session.ts';
import { replyWords, type SmtpReply } from './smtp-reply.ts';

/** The mail transaction: MAIL and RCPT, and at depth `submit` the message itself. Trouble is recorded. */
export async function deliver(attempt: Attempt, session: SmtpSession): Promise<void> {
  const { record, settings } = attempt;
  const parameters = mailParameters(attempt);
  if (parameters === undefined) return;
  const mail = await session.command('mail', `MAIL FROM:<${settings.from}>${parameters}`);
  if (!accepted(attempt, mail, 'mail')) return;
  const rcpt = await session.command('rcpt', `RCPT TO:<${settings.to}>`);
  if (!accepted(attempt, rcpt, 'rcpt')) return;
  record.recipientAccepted = true;
  record.achieved = `accepts mail for ${settings.to}`;
  if (rcpt.code === 252) record.notes.add('The server takes the recipient without checking it (252).');
  if (settings.depth === 'submit') await submit(attempt, session);
}

async function submit(attempt: Attempt, session: SmtpSession): Promise<void> {
  const { record, settings } = attempt;
  const { probeId, from, to, helo } = settings;
  const message = renderProbeMessage({ probeId, from, to, helo, date: settings.clock.now() });
  const chunking = capability(record.capabilities, 'CHUNKING') !== undefined;
  if (settings.chunking === 'bdat' && !chunking)
    record.notes.add('The server does not offer CHUNKING, so DATA is used.');
  const last =
    chunking && settings.chunking !== 'data'
      ? await sendChunk(session, message)
      : await sendData(attempt, session, message);
  if (last === undefined || !accepted(attempt, last.reply, last.stage)) return;
  record.achieved = `took the probe message ${probeId}: ${replyWords(last.reply)}`;
}

interface LastReply {
  reply: SmtpReply;
  stage: Stage;
}

/** RFC 3030: the whole message as one last chunk, without dot-stuffing. */
async function sendChunk(session: SmtpSession, message: string): Promise<LastReply> {
  const command = `BDAT ${Buffer.byteLength(message)} LAST`;
  return { reply: await session.exchange('bdat', `${command}\r\n${message}`, `${command} (message)`), stage: 'bdat' };
}

async function sendData(attempt: Attempt, session: SmtpSession, message: string): Promise<LastReply | undefined> {
  const go = await session.command('data', 'DATA');
  attempt.record.lastReply = go;
  if (go.code !== 354) {
    attempt.record.fail(replyProblem(go, 'data'));
    return undefined;
  }
  const data = stuffDots(message);
  const reply = await session.exchange('end-of-data', data, `(message of ${Buffer.byteLength(data)} bytes)`);
  return { reply, stage: 'end-of-data' };
}

/** Records a refusal. One that only says "use TLS first" is the fault of the TLS that failed before. */
function accepted({ record }: Attempt, reply: SmtpReply, stage: Stage): boolean {
  record.lastReply = reply;
  if (reply.code >= 200 && reply.code < 300) return true;
  const problem = replyProblem(reply, stage);
  const tls = record.tlsProblem();
  const wantsTls = reply.code === 530 || /\bstarttls\b|\btls\b.{0,20}\brequired\b/i.test(reply.lines.join(' '));
  record.fail(
    tls !== undefined && wantsTls
      ? { ...tls, words: `${tls.words}, and the server demands TLS: ${replyWords(reply)}` }
      : problem,
  );
  return false;
}

/** Parameters of MAIL; undefined when this server cannot carry the addresses (RFC 6531 3.1) and the record says so. */
function mailParameters({ record, settings }: Attempt): string | undefined {
  if (!/[^\x00-\x7f]/.test(settings.from + settings.to)) return '';
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
