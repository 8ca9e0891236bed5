import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { htmlToText } from './html-to-text.ts';
import type { NdrDocument } from './ndr.ts';

/** Where the returned message begins: what follows is not the server speaking. */
const RETURNED =
  /^[- ]*(?:original message headers:|this is a copy of (?:the|your) message|below this line is a copy|---+ ?(?:original|returned|undelivered|included is|unsent) message|---- original message|the (?:original|body of the) message (?:follows|is attached)|message header follows|included (?:below )?is a copy)/im;

/** RFC 3464, and RFC 6533 for mail with addresses beyond ASCII. */
const STATUS_TYPES = new Set(['message/delivery-status', 'message/global-delivery-status']);

/** The server's words stand before the returned message: this much, in bytes or characters, holds them. */
const MAX_MAIL = 512 * 1024;

/** Forwards of forwards that are followed. */
const MAX_FORWARDS = 3;
const DAEMON = /mailer-daemon|postmaster@|mail delivery (?:sub)?system|microsoftexchange/i;

/** Decodes a bounce mail. A mail that cannot be decoded is read as plain text. */
export async function readMime(input: string | Uint8Array): Promise<NdrDocument> {
  return readMail(input, 0);
}

async function readMail(input: string | Uint8Array, depth: number): Promise<NdrDocument> {
  const bytes = input.slice(0, MAX_MAIL);
  const mail = await PostalMime.parse(bytes, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'utf8',
    maxNestingDepth: 30,
  }).catch(() => undefined);
  const raw = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
  if (mail === undefined) return readPlain(raw);
  const status = mail.attachments.find((part) => STATUS_TYPES.has(part.mimeType));
  const forwarded = status === undefined && depth < MAX_FORWARDS ? forwardedBounce(mail) : undefined;
  if (forwarded !== undefined) return readMail(forwarded, depth + 1);
  const headers = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!headers.has(key)) headers.set(key, value);
  const written = mail.text?.trim() ?? '';
  const body = written !== '' ? written : htmlToText(mail.html ?? textAttachment(mail.attachments));
  const plain = readPlain(body);
  return {
    headers,
    subject: mail.subject ?? '',
    body: plain.body,
    deliveryStatus: contentOf(status) ?? plain.deliveryStatus,
  };
}

/** A bounce that a person forwarded as an attachment; the message that a bounce itself returns is no such thing. */
function forwardedBounce({ from, attachments }: Email): string | undefined {
  if (DAEMON.test(`${from?.name ?? ''} ${from?.address ?? ''}`)) return undefined;
  for (const part of attachments) {
    if (part.mimeType !== 'message/rfc822') continue;
    const content = contentOf(part) ?? '';
    if (/report-type="?delivery-status/i.test(content) || DAEMON.test(/^From:.{0,300}/im.exec(content)?.[0] ?? ''))
      return content;
  }
  return undefined;
}

/** Pasted text as a document: a delivery-status part can be pasted along. */
export function readPlain(text: string): NdrDocument {
  const body = unquote(text.replace(/\r\n?/g, '\n'));
  const at = body.search(/^(?:Reporting-MTA|Final-Recipient|Original-Recipient):/im);
  const deliveryStatus = at >= 0 ? body.slice(at) : null;
  return { headers: new Map(), subject: '', body: withoutReturned(at > 40 ? body.slice(0, at) : body), deliveryStatus };
}

/** A bounce that somebody forwarded: the quote signs come off when most lines carry one. */
function unquote(text: string): string {
  const lines = text.split('\n');
  const quoted = lines.filter((line) => line.startsWith('>')).length;
  return quoted * 2 > lines.length ? lines.map((line) => line.replace(/^(?:> ?){1,4}(?![>])/, '')).join('\n') : text;
}

function withoutReturned(text: string): string {
  const body = text.replace(/\r\n?/g, '\n').slice(0, 100_000);
  const at = body.search(RETURNED);
  return at > 20 ? body.slice(0, at) : body;
}

function textAttachment(attachments: Attachment[]): string {
  return (
    contentOf(
      attachments.find((part) => part.mimeType.startsWith('text/') && part.mimeType !== 'text/rfc822-headers'),
    ) ?? ''
  );
}

function contentOf(part: Attachment | undefined): string | null {
  if (part === undefined) return null;
  const { content } = part;
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
