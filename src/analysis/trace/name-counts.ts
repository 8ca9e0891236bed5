import { SampledMap } from './sampled-map.ts';

/** How often a name was seen. */
export interface NameCount {
  name: string;
  count: number;
}

/** Counts as they are sent to another thread. */
export interface NameCountsData {
  names: NameCount[];
  highest: number;
}

/** Names of servers, addresses or connectors with how often each was seen; bounded, see {@link SampledMap}. */
export class NameCounts {
  private readonly counts = new SampledMap<{ count: number }>(500);

  /** Counts a name; an empty name is none. */
  add(name: string, count = 1): void {
    if (name === '') return;
    const held = this.counts.at(name, none);
    if (held) held.count += count;
  }

  /** The most frequent names, at most `limit`; equal counts by name. */
  top(limit = Number.POSITIVE_INFINITY): NameCount[] {
    return this.counts
      .entries()
      .map(([name, { count }]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  data(): NameCountsData {
    return { names: this.top(), highest: this.counts.highest };
  }

  /** Adds what another part of the trace counted. */
  merge({ names, highest }: NameCountsData): void {
    this.counts.lower(highest);
    for (const { name, count } of names) this.add(name, count);
  }
}

function none(): { count: number } {
  return { count: 0 };
}
