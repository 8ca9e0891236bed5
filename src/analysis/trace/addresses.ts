/**
 * Splits a list of addresses at the separator; a quoted local part may hold it (`"john;doe"@contoso.com`, RFC 5321
 * section 4.1.2). A quote that is never closed quotes nothing.
 */
export function splitAddresses(list: string, separator = ';'): string[] {
  const parts: string[] = [];
  let begin = 0;
  let quotes = true;
  for (let at = 0; at < list.length; at++) {
    const char = list[at];
    if (char === separator) {
      parts.push(list.slice(begin, at));
      begin = at + 1;
    } else if (char === '"' && quotes) {
      const close = closingQuote(list, at + 1);
      if (close > 0) at = close;
      else quotes = false;
    }
  }
  parts.push(list.slice(begin));
  return parts.map(trimmed).filter((part) => part !== '');
}

/** Events of one recipient in the enhanced summary: `addr##Receive, Send`. */
export interface RecipientEvents {
  address: string;
  events: string[];
}

/** Reads recipient_status of the enhanced summary: split at `;` outside quotes, then at the last `##`. */
export function parseRecipientEvents(status: string): RecipientEvents[] {
  const list: RecipientEvents[] = [];
  for (const part of splitAddresses(status)) {
    const at = part.lastIndexOf('##');
    if (at < 0) continue;
    const events = part
      .slice(at + 2)
      .split(',')
      .map(trimmed);
    list.push({ address: part.slice(0, at), events: events.filter((event) => event !== '') });
  }
  return list;
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function trimmed(text: string): string {
  return text.trim();
}
