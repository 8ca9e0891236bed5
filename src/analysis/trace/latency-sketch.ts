/** Counts as they are sent to another thread. */
export interface SketchData {
  buckets: [number, number][];
  count: number;
  max: number;
}

/** Each bucket is 2 % wider than the one before, so a quantile is at most 1 % off (DDSketch, Masson et al., VLDB 2019). */
const GAMMA = 1.02;
const LOG_GAMMA = Math.log(GAMMA);
/** Seconds; shorter times fall into the first bucket. */
const FLOOR = 0.001;
const MAX_SECONDS = 1e9;

/** Quantiles of durations in bounded memory; parts can be added up. The largest value is exact. */
export class LatencySketch {
  private readonly buckets = new Map<number, number>();
  private count = 0;
  private largest = 0;

  add(seconds: number): void {
    if (!(seconds >= 0 && seconds <= MAX_SECONDS)) return;
    const bucket = seconds <= FLOOR ? 0 : Math.ceil(Math.log(seconds / FLOOR) / LOG_GAMMA);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1);
    this.count++;
    if (seconds > this.largest) this.largest = seconds;
  }

  get max(): number {
    return this.largest;
  }

  /** The value that `share` (0 to 1) of all values do not exceed, in seconds. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.count));
    for (const [bucket, held] of [...this.buckets].sort((a, b) => a[0] - b[0])) {
      left -= held;
      if (left <= 0) return Math.min(this.largest, bucket === 0 ? 0 : middle(bucket));
    }
    return this.largest;
  }

  data(): SketchData {
    return { buckets: [...this.buckets], count: this.count, max: this.largest };
  }

  merge({ buckets, count, max }: SketchData): void {
    for (const [bucket, held] of buckets) this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + held);
    this.count += count;
    this.largest = Math.max(this.largest, max);
  }
}

function middle(bucket: number): number {
  const seconds = (2 * FLOOR * GAMMA ** bucket) / (1 + GAMMA);
  return Math.round(seconds * 1000) / 1000;
}
