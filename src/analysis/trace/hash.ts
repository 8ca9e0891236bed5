import type { CodeUnits } from './code-units.ts';

/**
 * 64-bit hash of a text in two halves. Message ids are kept by hash alone: with two million of them the chance that
 * any two share one is about 10^-7. The seed keeps a sender from choosing ids that collide.
 */
export class TextHash {
  lo = 0;
  hi = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Hashes units `start` to `end`, A-Z as a-z when `fold`. False when a unit is not ASCII: hash its text instead. */
  units(units: CodeUnits, start: number, end: number, fold: boolean): boolean {
    let lo = this.seed;
    let hi = this.seed ^ 0x9e3779b9;
    let all = 0;
    for (let at = start; at < end; at += 2) {
      let first = units[at] ?? 0;
      let second = at + 1 < end ? (units[at + 1] ?? 0) : 0;
      all |= first | second;
      if (fold) {
        if (first > 64 && first < 91) first += 32;
        if (second > 64 && second < 91) second += 32;
      }
      const both = first | (second << 16);
      lo = Math.imul(lo ^ both, 0x01000193) ^ (lo >>> 15);
      hi = Math.imul((hi << 13) | (hi >>> 19), 0x5bd1e995) ^ both;
    }
    this.finish(lo, hi, end - start);
    return all < 128;
  }

  /** Hashes a text, the same for ASCII text as {@link units}. */
  text(text: string, fold: boolean): void {
    const folded = fold ? text.toLowerCase() : text;
    let lo = this.seed;
    let hi = this.seed ^ 0x9e3779b9;
    for (let at = 0; at < folded.length; at += 2) {
      const both = folded.charCodeAt(at) | ((at + 1 < folded.length ? folded.charCodeAt(at + 1) : 0) << 16);
      lo = Math.imul(lo ^ both, 0x01000193) ^ (lo >>> 15);
      hi = Math.imul((hi << 13) | (hi >>> 19), 0x5bd1e995) ^ both;
    }
    this.finish(lo, hi, folded.length);
  }

  private finish(lo: number, hi: number, length: number): void {
    this.lo = mix(lo ^ hi) >>> 0;
    this.hi = mix(hi + length + Math.imul(lo, 0x27d4eb2f)) >>> 0;
  }
}

/** Spreads the bits of a 32-bit number (the finaliser of MurmurHash3, in the public domain). */
export function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
