/** An SMTP reply as it was found in some text. */
export interface ParsedReply {
  /** `550`; null when the text holds no reply code. */
  code: string | null;
  /** `5.1.1`; null without one. */
  enhanced: string | null;
  /** The words without the codes, lines joined by LF. */
  text: string;
  /** The words line by line. */
  lines: string[];
}

/** Characters of an artefact that are looked at. */
export const MAX_REPLY = 8192;

/** What logs and transcripts put before a line: `S: `, `<<< `, `<** `, a time stamp, a quote sign. */
const LINE_PREFIX =
  /^[ \t]*(?:\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,7})?(?:Z|[+-]\d\d:?\d\d)?\]?,?[ \t]+)?(?:(?:S|SERVER|R|RECV)[:>][ \t]*|<{1,3}(?:[-~*]{0,2})[ \t]+|<[-~]{1,2}\*?[ \t]*|<\*\*[ \t]*|>[ \t]+)?["'`#]{0,2}/i;
const CODED_LINE = /^([2345]\d\d)(?:-[ \t]*|[ \t]+-?[ \t]*|(?=[#(:;,"']|\.(?!\d)|$))[:;,.]?[ \t]*(.*)$/s;
const ENHANCED_FIRST = /^[("'[]?#?[ \t]?([245])[.-](\d{1,3})\.(\d{1,3})(?![\d.]*\d)[)\]]?[ \t:;,-]*(.*)$/s;
const MARKED_ENHANCED =
  /(?:#[ \t]?|\(#?|\bdsn[=:] ?|\bstatus[=:]? ?|\bcode[=:]? ?|\b[245]\d\d[ -]{1,2})([245])\.([0-7])\.(\d{1,3})(?![\d.]*\d)/i;
const BARE_ENHANCED = /^[ \t]*([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)/;

/** A code in the middle of a text, after a word that announces a reply. */
const ANNOUNCED =
  /(?:smtp ?; ?|said: ?|says: ?|responded(?: with)?:? ?|response (?:was|is|from the remote server was)?:? ?|returned:? ?|replied:? ?|(?:error|failure|reason|status|reject|diagnostic-code|error[_ ]code|last ?error|led|c|stat|msg|message) ?(?:[:=]| code:?| was:?| is:?) ?|-> ?|>>> ?|<<< ?|\d{1,5}(?:: | - )|\]: ?|>: ?|command: ?|deferred: ?)["'#<([]{0,2}([245][0-5]\d)(?=[ \-#:;,.]|$)/gi;
/** A code in the middle of a text that is followed by an enhanced code. */
const PAIRED = /(?:^|[\s"'(:;,=>#[])#?([245][0-5]\d)[ -]{1,3}#?\(?[245][.-]\d{1,3}\.\d{1,3}(?!\.?\d)/g;
/** A lone code between words; what follows must not make it an amount. */
const LONE =
  /(?:^|[\s"'(;])([245][0-5]\d)[ -](?!(?:seconds?|secs?|s|minutes?|mins?|hours?|days?|bytes?|[kmg]i?b|messages?|recipients?|connections?|times?|emails?|mails?|per|of|and|or|to)\b)(?=[A-Za-z<#"'\u00a0-\uffff])/gi;

/**
 * Finds the outermost reply of a text: its code, enhanced code and words. Multi-line replies are joined whatever their
 * separator (`451-4.7.0`, `451- 4.7.652`, the same code on every line, the `451 4-4.395` slip).
 */
export function parseReply(text: string): ParsedReply {
  const bounded = unescapeLines(text.slice(0, MAX_REPLY));
  const lines = bounded.split('\n').map((line) => line.replace(LINE_PREFIX, '').trimEnd());
  const first = lines.findIndex((line) => CODED_LINE.test(line));
  if (first >= 0 && lines.slice(0, first).every((line) => line.trim() === '' || isCommandLine(line))) {
    return readBlock(lines.slice(first));
  }
  const at = findCode(bounded);
  if (at !== undefined) return readBlock(bounded.slice(at).split('\n'));
  if (first >= 0) return readBlock(lines.slice(first));
  const trimmed = bounded.trim();
  const bare = BARE_ENHANCED.exec(trimmed) ?? MARKED_ENHANCED.exec(trimmed);
  const enhanced = bare === null ? null : enhancedOf(bare[1], bare[2], bare[3]);
  const words = trimmed.replace(BARE_ENHANCED, '').trim();
  return { code: null, enhanced, text: words, lines: words.split('\n') };
}

/** Line ends of every kind become LF, written ones (`\r\n`) too. */
export function unescapeLines(text: string): string {
  return text.replace(/\r\n?|\\r\\n|\\n/g, '\n');
}

function isCommandLine(line: string): boolean {
  return /^(?:C: ?|>>> ?|-> ?|~> ?)?(?:EHLO|HELO|MAIL|RCPT|DATA|BDAT|AUTH|STARTTLS|QUIT|RSET)\b/i.test(line.trim());
}

function findCode(text: string): number | undefined {
  for (const pattern of [ANNOUNCED, PAIRED, LONE]) {
    for (const match of text.matchAll(pattern)) {
      const code = match[1];
      if (code !== undefined) return match.index + match[0].lastIndexOf(code);
    }
  }
  return undefined;
}

/** Reads the reply that the first line begins; later lines belong to it while they carry its code or are indented. */
function readBlock(lines: string[]): ParsedReply {
  const head = CODED_LINE.exec((lines[0] ?? '').replace(/^\s+/, ''));
  const code = head?.[1] ?? null;
  if (head === null || code === null) return { code: null, enhanced: null, text: '', lines: [] };
  const headed = splitEnhanced(head[2] ?? '');
  const out = [headed.rest];
  let enhanced = headed.enhanced;
  for (const line of lines.slice(1)) {
    const coded = CODED_LINE.exec(line.trimStart());
    if (coded !== null && coded[1] !== code) break;
    const split = splitEnhanced(coded === null ? line.trim() : (coded[2] ?? ''));
    if (coded !== null) enhanced ??= split.enhanced;
    out.push(coded === null ? line.trim() : split.rest);
  }
  const cleaned = out.map((line) => dropRepeats(line, code, enhanced)).filter((line) => line !== '');
  const joined = cleaned
    .join('\n')
    .replace(/["']+$/, '')
    .trimEnd();
  if (enhanced === null) {
    const marked = MARKED_ENHANCED.exec(joined);
    if (marked !== null) enhanced = enhancedOf(marked[1], marked[2], marked[3]);
  }
  return { code, enhanced, text: joined, lines: joined === '' ? [] : joined.split('\n') };
}

function splitEnhanced(text: string): { enhanced: string | null; rest: string } {
  const match = ENHANCED_FIRST.exec(text);
  if (match === null) return { enhanced: null, rest: text.trim() };
  return { enhanced: enhancedOf(match[1], match[2], match[3]), rest: (match[4] ?? '').trim() };
}

/** Multi-line replies that a log flattened repeat the codes in the middle: `550-5.7.1 one 550-5.7.1 two`. */
function dropRepeats(line: string, code: string, enhanced: string | null): string {
  let out = line;
  if (enhanced !== null) {
    for (const separator of ['-', ' ']) out = out.replaceAll(`${code}${separator}${enhanced}`, ' ');
  }
  out = out.replaceAll(` ${code}-`, ' ');
  return out.replace(/[ \t]{2,}/g, ' ').trim();
}

function enhancedOf(cls: string | undefined, subject: string | undefined, detail: string | undefined): string {
  return `${cls}.${Number(subject)}.${Number(detail)}`;
}
