import { type TextWindow, unitsEqual } from './code-units.ts';

/**
 * Strings for short fields that repeat (event names, servers, addresses): the same text gives the same string, which is
 * made once. Direct-mapped: a text that falls on the slot of another replaces it, so it never grows.
 */
export class TextCache {
  private readonly slots: string[];

  /** `size` is a power of two. */
  constructor(size = 4096) {
    this.slots = new Array<string>(size).fill('');
  }

  /** The text of units `start` to `end`. */
  text(window: TextWindow, start: number, end: number): string {
    if (start >= end) return '';
    const { units } = window;
    let hash = end - start;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (units[at] ?? 0), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (this.slots.length - 1);
    const held = this.slots[slot] ?? '';
    if (unitsEqual(units, start, end, held)) return held;
    const text = window.text(start, end, 1024);
    this.slots[slot] = text;
    return text;
  }
}
