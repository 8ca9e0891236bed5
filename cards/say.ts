/** Numbers, times and lists as people read them: thousands grouped, zone shown, milliseconds below a second. */

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `48,211` */
export function sayCount(count: number): string {
  return numbers.format(count);
}

/** `1 row`, `2 rows` */
export function sayMany(count: number, one: string, many = `${one}s`): string {
  return `${sayCount(count)} ${count === 1 ? one : many}`;
}

/** A duration in milliseconds: `412 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function sayDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** `12:04:31 UTC`; the text itself when it is no time. */
export function sayTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(11, 19)} UTC`;
}

/** `17 Nov 2026`, in UTC; the text itself when it is no time. */
export function sayDay(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
}

/** A moment seen from a later one, in UTC: `12:04:31 UTC` on the same day, else `14 Nov`, with the year when it differs. */
export function sayMoment(iso: string, nowIso: string): string {
  const [then, now] = [sayDay(iso), sayDay(nowIso)];
  if (then === now) return sayTime(iso);
  const [day, month, year] = then.split(' ');
  return year !== undefined && now.endsWith(` ${year}`) ? `${day} ${month}` : then;
}

/** `1–3 Nov 2026 UTC`, `30 Oct – 2 Nov 2026 UTC`, one day alone when both are the same. */
export function sayDays(first: string, last: string): string {
  const [from, to] = [sayDay(first), sayDay(last)];
  if (from === to) return `${to} UTC`;
  const [fromDay = '', fromMonth = '', fromYear = ''] = from.split(' ');
  const [, toMonth, toYear] = to.split(' ');
  if (fromYear !== toYear) return `${from} – ${to} UTC`;
  return fromMonth === toMonth ? `${fromDay}–${to} UTC` : `${fromDay} ${fromMonth} – ${to} UTC`;
}

/** `a, b and c` */
export function sayList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A title of this many characters still reads at a glance. */
const HEADLINE = 150;

/** `mx1.contoso.example (203.0.113.10): ` before what an address did; its row says it again. */
const PLACE = /^[^\s:]+ \([\da-f.:]+\): /i;

/**
 * What was found as a title that names its target: without the last dot, and whole as long as it reads at a glance, if
 * need be without the address that did it. Of a longer one the first sentence, or the part of it before a colon; what
 * follows comes back beside it.
 */
export function sayHeadline(target: string, summary: string): [string, string] {
  // A mailbox says more than its server; a port says nothing that the summary does not.
  const name = target.includes('@') ? target : bareName(target);
  const naming = (text: string): string => (text.includes(name) ? text : `${target}: ${asClause(text)}`);
  for (const text of [summary, summary.replace(PLACE, '')]) {
    const whole = naming(text).replace(/\.\s*$/, '');
    if (whole.length <= HEADLINE) return [whole, ''];
  }
  const [first, rest] = splitSentence(summary);
  const title = naming(first);
  const colon = title.length <= HEADLINE ? -1 : title.lastIndexOf(': ', HEADLINE);
  // A name and nothing else is no title.
  if (colon <= target.length + 20) return [title, rest];
  return [
    title.slice(0, colon),
    [`${asSentence(title.slice(colon + 2))}.`, rest].filter((part) => part !== '').join(' '),
  ];
}

/** A clause as it stands alone: with a capital, unless a name or address begins it. */
function asSentence(clause: string): string {
  return clause.replace(/^\p{Ll}+(?=[\s,]|$)/u, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** The name or address of a target, without mailbox, brackets and port. */
export function bareName(target: string): string {
  return target
    .slice(target.lastIndexOf('@') + 1)
    .replace(/^\[([^\]]+)\].*$/, '$1')
    .replace(/^([^:]+):\d+$/, '$1');
}

/** The first sentence without its dot, and what follows, which may begin with a host name; a dot inside one ends none. */
export function splitSentence(text: string): [string, string] {
  const end = /[.?](?=\s+(?:\p{Lu}|[a-z\d][a-z\d-]{0,62}\.[a-z\d]))/u.exec(text.slice(0, 1000));
  if (end === null) return [text.replace(/\.\s*$/, ''), ''];
  const first = text.slice(0, end[0] === '?' ? end.index + 1 : end.index);
  return [first, text.slice(end.index + 1).trim()];
}

/** A sentence as it stands after a colon: articles lose their capital, names keep it. */
export function asClause(sentence: string): string {
  return sentence.replace(/^(?:The|An?|There|This|No|It)\b/, (word) => word.toLowerCase());
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
