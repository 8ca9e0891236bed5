import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a slip of the fingers away from `word`, or undefined when none is near enough to suggest. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase().slice(0, 40);
  const starts = candidates.filter((candidate) => lower.length >= 3 && candidate.startsWith(lower));
  if (starts.length === 1) return starts[0];
  if (candidates.length === 0 || lower === '') return undefined;
  const swapped = candidates.find((candidate) => isSwap(lower, candidate));
  if (swapped !== undefined) return swapped;
  const best = closest(lower, [...candidates]);
  return distance(lower, best) <= Math.max(1, Math.floor(best.length / 3)) ? best : undefined;
}

/** Two neighbours have changed places, the slip that counts as two changes to everybody else. */
function isSwap(word: string, candidate: string): boolean {
  if (word.length !== candidate.length) return false;
  const at = [...word].findIndex((char, index) => char !== candidate[index]);
  const turned = `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  return at >= 0 && at + 1 < word.length && turned === candidate;
}
