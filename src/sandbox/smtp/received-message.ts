import { randomBytes } from 'node:crypto';

/** A message that a sandbox server accepted. The text itself is not kept. */
export interface ReceivedMessage {
  at: Date;
  /** The server that took it: `mx1.healthy.sandbox.test`. */
  host: string;
  /** Envelope sender, empty for the null sender. */
  from: string;
  recipients: string[];
  octets: number;
  /** From the header, bounded; empty when there is none. */
  subject: string;
  messageId: string;
  /** The command that carried it. */
  via: 'DATA' | 'BDAT';
  /** It came over TLS. */
  secure: boolean;
}

/** Message text as it arrives: counted, and its beginning kept for the header. */
export interface MessageDraft {
  octets: number;
  head: string;
  startedAt: number;
}

const HEAD_CHARACTERS = 8192;
const FIELD_CHARACTERS = 200;

export function startDraft(startedAt: number): MessageDraft {
  return { octets: 0, head: '', startedAt };
}

export function addToDraft(draft: MessageDraft, chunk: Buffer): void {
  draft.octets += chunk.length;
  const room = HEAD_CHARACTERS - draft.head.length;
  if (room > 0) draft.head += chunk.toString('latin1', 0, room);
}

/** The value of a header field, without folding (RFC 5322 section 2.2.3), or the empty string. */
export function headerField(head: string, name: string): string {
  const prefix = `${name.toLowerCase()}:`;
  for (const line of head.split('\r\n')) {
    if (line === '') return '';
    if (line.toLowerCase().startsWith(prefix)) return line.slice(prefix.length).trim().slice(0, FIELD_CHARACTERS);
  }
  return '';
}

/** A Message-ID for a message that came without one. */
export function makeMessageId(host: string): string {
  return `<${randomBytes(8).toString('hex')}@${host}>`;
}
