import type { Reply } from '../../schema.ts';

/** One complete reply of the peer, its bytes as latin1 characters. */
export interface SmtpReply {
  /** Of the last line (RFC 5321 4.2.1 wants the same on each). */
  code: number;
  /** Lines as they came, without line ends. */
  lines: string[];
}

const LINE = /^(\d{3})[ -]?(.*)$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/;

/** The reply as the JSON contract shows it: codes apart, text lines joined by LF (RFC 2034 repeats the code on each). */
export function describeReply(reply: SmtpReply): Reply {
  let enhanced: string | null = null;
  const texts = reply.lines.map((line) => {
    const text = LINE.exec(line)?.[2] ?? '';
    const code = ENHANCED.exec(text)?.[1];
    if (code === undefined) return decodeText(text).trimEnd();
    enhanced ??= code;
    return decodeText(text.slice(code.length).trimStart()).trimEnd();
  });
  return { code: String(reply.code), enhanced, text: texts.join('\n') };
}

/** The reply on one line, for sentences of ours, which have their own full stop; at most `max` characters. */
export function replyWords(reply: SmtpReply, max = 200): string {
  const { code, enhanced, text } = describeReply(reply);
  const flat = printable(text.replace(/\s+/g, ' ').trim()).replace(/\.$/, '');
  const words = [code, enhanced, flat].filter((part) => part).join(' ');
  const characters = Array.from(words);
  return characters.length <= max ? words : `${characters.slice(0, max - 1).join('')}…`;
}

/** Text of a peer as it may stand in a sentence: what would move a terminal's cursor becomes U+FFFD. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes kept as latin1 characters become text: as UTF-8 when they are valid UTF-8 (RFC 6531), else as they are. */
export function decodeText(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  try {
    return utf8.decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}
