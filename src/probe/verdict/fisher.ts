/** Counts of a two by two table: rows are two groups, columns failed and worked. */
export type Table = readonly [[failed: number, worked: number], [failed: number, worked: number]];

/** Tables as likely as the one seen count as well; floating point must not leave them out. */
const SLACK = 1 + 1e-9;

/**
 * Fisher's exact test, two-sided: how likely a split at least as uneven as this one comes about by accident, from 0 to 1.
 * Exact for the small counts of a repeated probe, where chi-square is not (R. A. Fisher, 1922).
 */
export function fisherExact([[a, b], [c, d]]: Table): number {
  const rows = [a + b, c + d] as const;
  const failed = a + c;
  const total = rows[0] + rows[1];
  const logOf = logFactorials(total);
  const choose = (n: number, k: number): number => (logOf[n] ?? 0) - (logOf[k] ?? 0) - (logOf[n - k] ?? 0);
  const all = choose(total, failed);
  const chanceOf = (x: number): number => Math.exp(choose(rows[0], x) + choose(rows[1], failed - x) - all);
  const seen = chanceOf(a) * SLACK;
  let chance = 0;
  for (let x = Math.max(0, failed - rows[1]); x <= Math.min(failed, rows[0]); x += 1) {
    const one = chanceOf(x);
    if (one <= seen) chance += one;
  }
  return Math.min(1, chance);
}

/** In how many ways `k` of `n` can be picked. */
export function combinations(n: number, k: number): number {
  let ways = 1;
  for (let at = 1; at <= k; at += 1) ways = (ways * (n - k + at)) / at;
  return Math.round(ways);
}

/** Natural logarithms of 0! to n!. */
function logFactorials(n: number): number[] {
  const logs = [0];
  for (let at = 1; at <= n; at += 1) logs.push((logs[at - 1] ?? 0) + Math.log(at));
  return logs;
}
