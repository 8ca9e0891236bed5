/**
 * Text from anywhere made safe to show. Order of use: `cleanText` (what cannot be seen or moves the cursor), then
 * `neutralise` (what a chat platform would act on), then the escape of the one place that parses markup.
 */

/** ANSI escape sequences (ECMA-48): OSC, DCS and other strings up to their terminator, then CSI and short escapes. */
const ANSI =
  /\u001b[\]PX^_][^\u0007\u001b\u009c\n]{0,512}(?:\u0007|\u001b\\|\u009c)?|[\u001b\u009b]\[?[0-?]{0,64}[ -/]{0,8}[@-~]/gu;

/** Characters that hide or reorder text: bidi controls, zero-width marks, tags, variation selectors of the supplement. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Four marks on one letter write every language; more is a tower that covers the lines above. */
const MARK_TOWER = /(\p{M}{4})\p{M}+/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Visible text of at most `max` UTF-16 units: escape sequences and invisible controls removed, other control
 * characters drawn as pictures (U+2400 …), line ends as LF; what is longer is cut between graphemes and ends with `…`.
 */
export function cleanText(text: string, max: number): string {
  // Far more than is shown is not worth reading: hostile input costs a bounded time.
  const bound = max * 4 + 256;
  const seen = (text.length > bound ? text.slice(0, bound) : text)
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(ANSI, '')
    .replace(INVISIBLE, '')
    .replace(/\t/g, '  ')
    .replace(/[\u0000-\u0009\u000b-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(/[\u0080-\u009f]|\p{Cs}/gu, '\ufffd')
    .replace(MARK_TOWER, '$1');
  return text.length > bound ? cut(`${seen}…`, max) : cut(seen, max);
}

/** `cleanText` on one line: runs of white space become one blank, none at the ends. */
export function cleanLine(text: string, max: number): string {
  return cut(
    cleanText(text, max * 2)
      .replace(/\s+/g, ' ')
      .trim(),
    max,
  );
}

/** At most `max` UTF-16 units of `text`, cut between graphemes; `…` says that something is missing. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  const crossing = graphemes.segment(text.slice(0, max + 64)).containing(max - 1);
  return `${text.slice(0, crossing?.index ?? max - 1)}…`;
}

/** Invisible and without meaning (U+2060 WORD JOINER): stands between the characters of a token to break it. */
const BREAK = '\u2060';

/**
 * Breaks what Slack or Teams might act on even inside plain text: mentions, link syntax, code fences, the `{{DATE()}}`
 * of Adaptive Cards, links whose credentials hide the real host, and links of other schemes than http and https.
 */
export function neutralise(text: string): string {
  return text
    .replace(/<(?=[!@#]|\/?at\b|https?:|mailto:)/gi, `<${BREAK}`)
    .replace(/@(?=(?:everyone|here|channel)(?![\p{L}\p{N}_-]))/giu, `@${BREAK}`)
    .replace(/\](?=\()/g, `]${BREAK}`)
    .replace(/``(?=`)/g, `\`\`${BREAK}`)
    .replace(/\{(?=\{)/g, `{${BREAK}`)
    .replace(/:\/\/(?=[^\s/@]{1,256}@)/g, `:${BREAK}//`)
    .replace(/\b(javascript|data|vbscript|file|slack|msteams):(?=[^\s\u2060])/gi, `$1:${BREAK}`);
}

/** Clean and neutral text of at most `max` units, for a place that parses no markup. */
export function displayText(text: string, max: number): string {
  return cutNeutral(cleanText(text, max), max);
}

/** {@link displayText} on one line. */
export function displayLine(text: string, max: number): string {
  return cutNeutral(cleanLine(text, max), max);
}

/** Neutral and at most `max` units. A cut can make a new token of a longer word (`@heretic` to `@here`), so it is looked at again. */
function cutNeutral(text: string, max: number): string {
  let shown = cut(neutralise(text), max);
  // Each round leaves one token less; the bound is for what nobody thought of.
  for (let round = 0; round < 32; round += 1) {
    const safe = neutralise(shown);
    if (safe === shown) return shown;
    shown = cut(safe, max);
  }
  return '';
}

/** For Slack mrkdwn: entities for `& < >` (docs.slack.dev/messaging/formatting-message-text), style marks broken. */
export function escapeMrkdwn(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*_~`]/g, (mark) => `${BREAK}${mark}${BREAK}`);
}

/** For places where Teams parses Markdown (TextBlock, labels of inputs, message text): a backslash before each mark. */
export function escapeTeamsMarkdown(text: string): string {
  return text.replace(/[\\`*_~[\]()#|<>!]/g, '\\$&').replace(/^(\s*)([-+]|\d+(?=\.))/gm, '$1\\$2');
}

/**
 * The URL as it may stand behind a link, or undefined: http or https, no credentials, no white space or control
 * characters, at most `max` units.
 */
export function safeUrl(url: string, max = 2000): string | undefined {
  if (url.length > max || !/^https?:\/\/[\u0021-\u007e]+$/i.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.username === '' && parsed.password === '' ? parsed.href : undefined;
}
