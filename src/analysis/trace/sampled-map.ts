import { mix } from './hash.ts';

/**
 * A map that never holds more than twice `limit` keys and ends with at most `limit`. Beyond that it keeps the keys with
 * the smallest hashes: an even sample of the keys, whose values are complete (a key that is kept was never put out
 * before), the same in whatever order or in however many parts the keys came. A count that is shown is therefore exact
 * however many names there are.
 */
export class SampledMap<V> {
  private readonly limit: number;
  private held = new Map<string, { hash: number; value: V }>();
  /** Keys with a larger hash are not in the sample. */
  private ceiling = Number.POSITIVE_INFINITY;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The value of the key, made when it is new; undefined when the key is not in the sample. */
  at(key: string, make: () => V): V | undefined {
    const found = this.held.get(key);
    if (found) return found.value;
    const hash = hashOf(key);
    if (hash > this.ceiling) return undefined;
    const value = make();
    this.held.set(key, { hash, value });
    if (this.held.size > this.limit * 2) this.prune();
    return value;
  }

  /** Keys and values, at most `limit`. */
  entries(): [string, V][] {
    if (this.held.size > this.limit) this.prune();
    return [...this.held].map(([key, { value }]) => [key, value]);
  }

  /** The largest hash in the sample; infinite while no key was left out. To be given to {@link lower} when merging. */
  get highest(): number {
    return this.ceiling;
  }

  /** Leaves out what another part of the same sample has left out. */
  lower(ceiling: number): void {
    if (ceiling >= this.ceiling) return;
    this.ceiling = ceiling;
    for (const [key, { hash }] of this.held) if (hash > ceiling) this.held.delete(key);
  }

  private prune(): void {
    const sorted = [...this.held].sort((a, b) => a[1].hash - b[1].hash).slice(0, this.limit);
    this.ceiling = sorted.at(-1)?.[1].hash ?? 0;
    this.held = new Map(sorted);
  }
}

/** 53 bits, so that two keys practically never tie. */
function hashOf(key: string): number {
  let lo = 0x811c9dc5;
  let hi = 0x1b873593;
  for (let at = 0; at < key.length; at++) {
    const unit = key.charCodeAt(at);
    lo = Math.imul(lo ^ unit, 0x01000193);
    hi = Math.imul(hi ^ unit, 0x5bd1e995) ^ (hi >>> 15);
  }
  return (mix(lo) >>> 0) * 2 ** 21 + (mix(hi) >>> 11);
}
