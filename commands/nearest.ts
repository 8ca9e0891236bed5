import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a slip of the fingers away from `word`, or undefined when none is near enough to suggest. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase().slice(0, 40);
  const starts = candidates.filter((candidate) => lower.length >= 3 && candidate.startsWith(lower));
  if (starts.length === 1) return starts[0];
  if (candidates.length === 0 || lower === '') return undefined;
  const best = closest(lower, [...candidates]);
  return distance(lower, best) <= Math.max(1, Math.floor(best.length / 3)) ? best : undefined;
}
