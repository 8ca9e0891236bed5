import type { CodeUnits } from './code-units.ts';

/** Places kept for fields; the last one always stays empty. Fields beyond are counted but not kept. */
export const MAX_FIELDS = 128;
/** After so many repairs a line end always ends a record: a hostile file cannot make us read the same text for ever. */
const MAX_REPAIRS = 1000;

const QUOTE = 34;
const LF = 10;
const CR = 13;
const INCOMPLETE = -1;
const BROKEN = -2;

/** A quoted field that is longer than this many units and holds a line end lacks its closing quote. */
const MAX_SPAN = 65_536;

/** What the reader of the records says to one: `broken` makes the scanner start again at the next line if it can. */
export type RecordVerdict = 'ok' | 'broken';

/**
 * RFC 4180 records over code units. Tolerates any delimiter, LF, CR LF and CR, bare quotes inside quoted fields, and
 * repairs an unclosed quote: the record is given up and scanning goes on at the line after the one it began in.
 * Holds the places of the fields of the current record; nothing is decoded.
 */
export class CsvScanner {
  /** Places of the fields, quotes left out. */
  readonly starts = new Int32Array(MAX_FIELDS);
  readonly ends = new Int32Array(MAX_FIELDS);
  /** 1 for a field that holds doubled quotes. */
  readonly escaped = new Uint8Array(MAX_FIELDS);
  /** Fields of the record, those beyond {@link MAX_FIELDS} too. */
  count = 0;
  private readonly delimiter: number;
  private repairs = 0;
  /** Of the last field that {@link quoted} read: its closing quote, and whether quotes are doubled in it. */
  private stop = 0;
  private doubled = 0;

  constructor(delimiter = ',') {
    this.delimiter = delimiter.charCodeAt(0);
  }

  /**
   * Calls `onRecord` for each complete record in `from` to `to` and returns where the first incomplete one begins.
   * With `final` the text ends at `to`. No record is begun at or after `stopAt`. `onBroken` is told where a record begins that was given up for its quotes.
   */
  scan(
    units: CodeUnits,
    from: number,
    to: number,
    final: boolean,
    stopAt: number,
    onRecord: (start: number, end: number) => RecordVerdict,
    onBroken: (start: number) => void,
  ): number {
    // Only what lies on whole words; the rest is looked at unit by unit.
    const words = new Int32Array(units.buffer, units.byteOffset, units.byteLength >> 2);
    let at = from;
    while (at < to && at < stopAt) {
      const end = this.record(units, words, at, to, final);
      if (end === INCOMPLETE) return at;
      if (end === BROKEN) {
        this.repairs++;
        onBroken(at);
        at = nextLine(units, at, to);
        continue;
      }
      const verdict = onRecord(at, end);
      if (verdict === 'broken' && this.repairs < MAX_REPAIRS) {
        const line = nextLine(units, at, to);
        if (line < end) this.repairs++;
        at = Math.min(line, end);
      } else {
        at = end;
      }
    }
    return at;
  }

  /** Reads the quoted field at `begin` of the record at `start`; returns where it ends, or why it does not. */
  private quoted(
    units: CodeUnits,
    words: Int32Array,
    start: number,
    begin: number,
    to: number,
    final: boolean,
  ): number {
    const strict = this.repairs >= MAX_REPAIRS;
    let limit = strict ? nextLine(units, begin, to) : begin + MAX_SPAN;
    let checked = begin;
    let at = begin + 1;
    this.doubled = 0;
    for (;;) {
      at = nextQuote(units, words, at, Math.min(limit, to));
      if (at >= limit && limit < to) {
        if (strict || holdsLineEnd(units, checked, at)) return BROKEN;
        // One long line: the length of the record bounds it.
        limit = to;
        continue;
      }
      if (at + 1 >= to && !final) return INCOMPLETE;
      if (at >= to) {
        // The text ends in an open quote: give up only when there is a line to go on with.
        if (nextLine(units, start, to) < to) return BROKEN;
        this.stop = to;
        return to;
      }
      const next = at + 1 < to ? units[at + 1] : LF;
      if (next === this.delimiter || next === LF || next === CR) {
        this.stop = at;
        return at + 1;
      }
      this.doubled = 1;
      if (next === QUOTE) {
        at += 2;
        continue;
      }
      if (holdsLineEnd(units, checked, at)) return BROKEN;
      checked = at;
      at++;
    }
  }

  /** Reads one record at `start`; returns where the next begins, or why there is none. */
  private record(units: CodeUnits, words: Int32Array, start: number, to: number, final: boolean): number {
    const { starts, ends, escaped, delimiter } = this;
    const strict = this.repairs >= MAX_REPAIRS;
    let at = start;
    let count = 0;
    for (;;) {
      const begin = at;
      if (at < to && units[at] === QUOTE) {
        // Nearly every field ends at its first quote; the others are looked at again.
        const empty = begin + 1 < to && units[begin + 1] === QUOTE;
        const quote = empty ? begin + 1 : nextQuote(units, words, begin + 1, Math.min(begin + MAX_SPAN, to));
        const next = units[quote + 1];
        let stop = quote;
        let doubled = 0;
        at = quote + 1;
        const usual = next === delimiter || next === CR || next === LF;
        if (!usual || at >= to || strict || units[quote] !== QUOTE) {
          at = this.quoted(units, words, start, begin, to, final);
          if (at < 0) return at;
          stop = this.stop;
          doubled = this.doubled;
        }
        if (count < MAX_FIELDS - 1) {
          starts[count] = begin + 1;
          ends[count] = stop;
          escaped[count] = doubled;
        }
      } else {
        for (; at < to; at++) {
          const unit = units[at];
          if (unit === delimiter || unit === LF || unit === CR) break;
        }
        if (at >= to && !final) return INCOMPLETE;
        if (count < MAX_FIELDS - 1) {
          starts[count] = begin;
          ends[count] = at;
          escaped[count] = 0;
        }
      }
      count++;
      if (at < to && units[at] === delimiter) {
        at++;
        continue;
      }
      this.count = count;
      if (at >= to) return to;
      if (units[at] === CR) {
        // A CR at the very end may be half of a CR LF.
        if (at + 1 >= to) return final ? to : INCOMPLETE;
        return units[at + 1] === LF ? at + 2 : at + 1;
      }
      return at + 1;
    }
  }
}

/** Bits of the bytes, or half words, of a word that lie before the place where the search begins. */
const BEFORE_BYTE = Int32Array.of(0, 0xff, 0xffff, 0xffffff);
const BEFORE_HALF = Int32Array.of(0, 0xffff);

/**
 * The first quote at or after `start`, or `to`. Looks at four bytes at a time: a word holds a zero byte when
 * `(x - 0x01…01) & ~x & 0x80…80` is not zero, and its lowest bit says which (Bit Twiddling Hacks, "determine if a word
 * has a zero byte"). Fields are short, so what counts is that no step depends on where in a word they begin and end.
 * For 16-bit units the same with half words. The lowest byte comes first in a word on every platform of Node.
 */
function nextQuote(units: CodeUnits, words: Int32Array, start: number, to: number): number {
  if (units.BYTES_PER_ELEMENT === 1) {
    const stop = to >> 2;
    let word = start >> 2;
    if (word < stop) {
      let other = ((words[word] ?? 0) ^ 0x22222222) | (BEFORE_BYTE[start & 3] ?? 0);
      let zero = (other - 0x01010101) & ~other & 0x80808080;
      while (zero === 0 && ++word < stop) {
        other = (words[word] ?? 0) ^ 0x22222222;
        zero = (other - 0x01010101) & ~other & 0x80808080;
      }
      if (zero !== 0) return (word << 2) + ((31 - Math.clz32(zero & -zero)) >> 3);
    }
    return quoteFrom(units, Math.max(start, stop << 2), to);
  }
  const stop = to >> 1;
  let word = start >> 1;
  if (word < stop) {
    let other = ((words[word] ?? 0) ^ 0x00220022) | (BEFORE_HALF[start & 1] ?? 0);
    let zero = (other - 0x00010001) & ~other & 0x80008000;
    while (zero === 0 && ++word < stop) {
      other = (words[word] ?? 0) ^ 0x00220022;
      zero = (other - 0x00010001) & ~other & 0x80008000;
    }
    if (zero !== 0) return (word << 1) + ((31 - Math.clz32(zero & -zero)) >> 4);
  }
  return quoteFrom(units, Math.max(start, stop << 1), to);
}

function quoteFrom(units: CodeUnits, start: number, to: number): number {
  let at = start;
  while (at < to && units[at] !== QUOTE) at++;
  return at;
}

/** Where the line after the one at `start` begins, or `to`. */
export function nextLine(units: CodeUnits, start: number, to: number): number {
  for (let at = start; at < to; at++) {
    const unit = units[at];
    if (unit === LF) return at + 1;
    if (unit === CR) return at + 1 < to && units[at + 1] === LF ? at + 2 : at + 1;
  }
  return to;
}

/** True when a line ends between the places. */
export function holdsLineEnd(units: CodeUnits, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (units[at] === LF || units[at] === CR) return true;
  return false;
}
