/** Words further in are not about the wait. */
const MAX_TEXT = 1000;

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `00:04:59`, `5:00`: hours come only with three parts. Not part of an address or a longer run of digits. */
const CLOCK = /(?<![\d.:])(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?![\d.:])/;
/** `300 seconds`, `60 s`, `5 mins`, `1 hour`; `3 minutes and 20 seconds` is found part by part. */
const COUNTED = /(?<![\d.:-])(\d{1,6}) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\b(?!\.\d)/gi;
/** `retry after 300`, `try again in 120`: seconds, as nobody says. */
const BARE = /\b(?:wait|in|after|for) (\d{1,5})(?=$|[,;)]|\.(?!\d)| (?:and|before|then|to)\b)/i;

/** How long the peer asks us to wait, in seconds; undefined when it names no time. Linear in the text. */
export function retryHint(text: string): number | undefined {
  const words = text.slice(0, MAX_TEXT);
  const clock = CLOCK.exec(words);
  if (clock !== null) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const counted = [...words.matchAll(COUNTED)];
  const [first] = counted;
  if (first !== undefined) {
    const [second] = counted.slice(1, 2);
    const joined =
      second !== undefined && /^(?: and |, | )?$/.test(words.slice(first.index + first[0].length, second.index));
    return seconds(first) + (joined && second !== undefined ? seconds(second) : 0);
  }
  const bare = BARE.exec(words);
  return bare === null ? undefined : Number(bare[1]);
}

function seconds([, count = '', unit = '']: RegExpExecArray | RegExpMatchArray): number {
  return Number(count) * (UNITS[unit.charAt(0).toLowerCase()] ?? 1);
}

/** `10 s`, `5 minutes`: short where it is counted, in words where it is waited for. */
export function sayWait(s: number): string {
  const [count, unit] =
    s < 120 && s !== 60 ? [s, 'second'] : s < 7200 ? [Math.round(s / 60), 'minute'] : [Math.round(s / 3600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
