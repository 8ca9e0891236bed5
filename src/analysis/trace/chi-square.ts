import type { Tries } from './attempts.ts';

/** How strongly a dimension tells failing attempts from working ones. */
export interface Association {
  /**
   * 0 to 1: the squared Cramér's V with the bias taken off that comes with many values (Bergsma, Journal of the Korean
   * Statistical Society 42, 2013), so that dimensions with few and with many values compare.
   */
  strength: number;
  /** The chance to see such a difference when the dimension has nothing to do with it. */
  chance: number;
}

/**
 * Pearson's chi-square test of a table with a row a value and two columns, failed and worked. With one attempt a value
 * it finds nothing, as it should: then every table separates.
 */
export function associationOf(values: readonly Tries[]): Association {
  const used = values.filter(({ attempts }) => attempts > 0);
  let attempts = 0;
  let failures = 0;
  for (const tries of used) {
    attempts += tries.attempts;
    failures += tries.failures;
  }
  const rate = failures / attempts;
  const spread = rate * (1 - rate);
  const freedom = used.length - 1;
  if (freedom < 1 || !(spread > 0)) return { strength: 0, chance: 1 };
  let square = 0;
  for (const tries of used) square += (tries.failures - tries.attempts * rate) ** 2 / (tries.attempts * spread);
  const strength = Math.max(0, square / attempts - freedom / (attempts - 1));
  return { strength: Math.min(1, strength), chance: chanceOf(square, freedom) };
}

/** Upper tail of the chi-square distribution by the cube root of Wilson and Hilferty (1931); good to two digits here. */
function chanceOf(square: number, freedom: number): number {
  if (square === 0) return 1;
  const variance = 2 / (9 * freedom);
  const z = ((square / freedom) ** (1 / 3) - (1 - variance)) / Math.sqrt(variance);
  return normalTail(z);
}

/** P(Z > z), Abramowitz and Stegun 26.2.17. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
