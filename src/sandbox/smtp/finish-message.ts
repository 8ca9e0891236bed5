import { headerField, makeMessageId, type ReceivedMessage } from './received-message.ts';
import { refuse, resetTransaction, type SmtpState, type Step, scripted } from './state.ts';

/** The reply to the end of a message, by DATA or by the last chunk. The transaction is over in any case. */
export function finishMessage(state: SmtpState, via: ReceivedMessage['via']): Step {
  const { from, recipients, draft } = state;
  resetTransaction(state);
  if (from === undefined || recipients.length === 0) {
    return refuse(state, from === undefined ? '503 5.5.2 Need mail command' : '503 5.5.2 Need rcpt command');
  }
  const { role } = state;
  if (draft.octets > role.limits.messageOctets) {
    return refuse(state, '552 5.3.4 Message size exceeds fixed maximum message size');
  }
  const words = scripted(state, 'endOfData');
  if (words !== undefined) return { reply: words };
  const messageId = headerField(draft.head, 'Message-ID') || makeMessageId(role.host);
  role.accept({
    at: role.clock.now(),
    host: role.host,
    from,
    recipients,
    octets: draft.octets,
    subject: headerField(draft.head, 'Subject'),
    messageId,
    via,
    secure: state.secure,
  });
  const seconds = Math.max(0.001, (role.clock.elapsed() - draft.startedAt) / 1000);
  const rate = (draft.octets / 1024 / seconds).toFixed(3);
  const internalId = Number.parseInt(state.sessionId.slice(0, 12), 16);
  return {
    reply: `250 2.6.0 ${messageId} [InternalId=${internalId}, Hostname=${role.host}] ${draft.octets} bytes in ${seconds.toFixed(3)}, ${rate} KB/sec Queued mail for delivery`,
  };
}

/** The reply to a chunk that is not the last. */
export function finishChunk(state: SmtpState, octets: number): Step {
  if (state.from !== undefined && state.recipients.length > 0)
    return { reply: `250 2.6.0 CHUNK received OK, ${octets} octets` };
  resetTransaction(state);
  return refuse(state, '503 5.5.2 Need rcpt command');
}
