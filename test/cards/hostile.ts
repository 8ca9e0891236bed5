import type { Card, CardState } from '../../cards/card.ts';

/** What a remote server or a person might write to make a chat platform act; each must come out harmless. */
export const HOSTILE: readonly { name: string; text: string }[] = [
  { name: 'Slack broadcast', text: '550 <!channel> <!here|here> <!subteam^S1> denied' },
  { name: 'Slack mentions', text: '<@U1> <#C1|general> <https://evil.example|click>' },
  { name: 'words that notify', text: '@everyone @here @channel now' },
  { name: 'Teams mention', text: '<at>Ann</at> hello' },
  { name: 'Markdown link', text: '[a](http://b.example) ![x](https://y.example)' },
  { name: 'code fence', text: 'a ``` b ```` c' },
  { name: 'style marks', text: '*bold* _it_ ~gone~ `code` # head' },
  { name: 'ANSI', text: '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J clear' },
  { name: 'control characters', text: 'nul\u0000 bell\u0007 back\u0008 del\u007f cr\rlf' },
  { name: 'bidi', text: 'exe.\u202egpj.contoso\u202c \u2066isolate\u2069 \u200fmark' },
  { name: 'invisible tags', text: `hidden${String.fromCodePoint(0xe0041, 0xe0042, 0xe007f)} text\u200b\ufeff` },
  { name: 'credentials in a link', text: 'https://contoso.example@evil.example/login' },
  { name: 'other schemes', text: 'javascript:alert(1) file:///etc/passwd data:text/html,x' },
  { name: 'date macro', text: '{{DATE(2026-11-20T12:00:00Z, SHORT)}}' },
  { name: 'HTML', text: '<script>window.pwned = 1</script><img src=x onerror=alert(1)>' },
  { name: 'lone surrogates', text: 'a\ud800b\udc00c' },
  { name: 'tower of marks', text: `Z${'\u0301'.repeat(500)}algo` },
  { name: '10,000 characters', text: 'x'.repeat(10_000) },
  { name: '10,000 mentions', text: '<!channel>'.repeat(1000) },
  { name: 'emoji of many parts', text: '👩‍👩‍👧‍👦'.repeat(400) },
  { name: 'many lines', text: Array.from({ length: 300 }, (_, n) => `line ${n}`).join('\n') },
  { name: 'nothing', text: '' },
  { name: 'blanks', text: ' \n\t ' },
];

export const STATES: readonly CardState[] = ['ok', 'degraded', 'failed', 'unknown', 'info', 'running', 'stopped'];

/** A card that shows `text` in every place that a card has. */
export function cardOf(text: string, state: CardState = 'failed'): Card {
  return {
    kind: 'probe',
    state,
    title: [{ text }, { text, style: 'bold' }],
    meta: text,
    owner: [
      { text, style: 'bold' },
      { text, url: text },
      { text, url: 'https://runbooks.contoso.example/x' },
    ],
    steps: [text, [{ text, style: 'code' }], text],
    blocks: [
      { type: 'text', text: [{ text, style: 'muted' }] },
      { type: 'facts', facts: [{ label: text, value: text }] },
      { type: 'stages', rows: [{ label: text, note: text, stages: [{ name: text, state: 'failed', ms: 3 }] }] },
      { type: 'table', columns: [text, 'B'], rows: [[text, text]], caption: text },
      { type: 'table', columns: ['C'], rows: [[text], []] },
      { type: 'code', text, caption: text },
    ],
    details: [
      { id: 'transcript', title: text, blocks: [{ type: 'code', text }] },
      { id: 'certificate', title: text, blocks: [{ type: 'facts', facts: [{ label: text, value: text }] }] },
    ],
    actions: [
      { type: 'run', label: text, line: '/probe contoso.example', where: 'edit', primary: true, confirm: text },
      { type: 'link', label: text, url: text },
      { type: 'link', label: text, url: 'https://runbooks.contoso.example/x' },
      { type: 'detail', label: text, detail: 'transcript' },
      { type: 'form', label: text, command: 'probe' },
      { type: 'cancel', label: text },
    ],
    footer: text,
    sandbox: true,
  };
}

/** Every string that a platform would show; values of buttons are data for the handler and are left out. */
export function shownStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(shownStrings);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    return key === 'value' || key === 'data' || key === 'url' ? [] : shownStrings(each);
  });
}

/** What of {@link FORBIDDEN} stands in the strings, with its place; empty when nothing does. */
export function forbiddenIn(strings: readonly string[]): string[] {
  return strings.flatMap((text) => {
    return FORBIDDEN.flatMap((token) => {
      const found = token.exec(text);
      return found === null ? [] : [`${token} in ${text.slice(Math.max(0, found.index - 20), found.index + 40)}`];
    });
  });
}

/** The tokens and characters that must not reach a platform. */
export const FORBIDDEN: readonly RegExp[] = [
  /<[!@#]/,
  /<\/?at\b/i,
  /<https?:/i,
  /@(everyone|here|channel)(?![\p{L}\p{N}_-])/iu,
  /\]\(/,
  /```/,
  /\{\{/,
  /\b(javascript|data|file):[^\s\u2060]/i,
  /:\/\/[^\s/@]+@/,
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
  /[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/,
  /[\u{e0000}-\u{e007f}]/u,
  /\p{Cs}/u,
  /\p{M}{6}/u,
];
