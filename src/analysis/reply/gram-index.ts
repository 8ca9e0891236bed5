/** Finds which entries can occur in a text at all: each entry names literals of which one must be there. */
export interface GramIndex {
  /** Calls `found` once for every entry one of whose literals may be in the text. */
  candidates(text: string, found: (entry: number) => void): void;
}

const BUCKETS = 16_384;
const GRAM = 3;

/**
 * Files every entry under the rarest three-letter piece of each of its literals; a text is then read once, piece by piece.
 * Literals in other scripts can be shorter: they are asked for whenever the text leaves ASCII.
 */
export function createGramIndex(entries: readonly (readonly string[])[]): GramIndex {
  const byGram: (number[] | undefined)[] = new Array<number[] | undefined>(BUCKETS).fill(undefined);
  const foreign: number[] = [];
  const popularity = countGrams(entries);
  for (const [entry, literals] of entries.entries()) {
    for (const literal of literals) {
      if (isForeign(literal) || literal.length < GRAM) push(foreign, entry);
      else {
        const key = rarestGram(literal, popularity);
        const list = byGram[key] ?? [];
        push(list, entry);
        byGram[key] = list;
      }
    }
  }
  const seen = new Int32Array(entries.length);
  let round = 0;
  return {
    candidates(text, found) {
      round += 1;
      const visit = (list: readonly number[]): void => {
        for (const entry of list) {
          if (seen[entry] === round) continue;
          seen[entry] = round;
          found(entry);
        }
      };
      let first = text.charCodeAt(0);
      let second = text.charCodeAt(1);
      let beyondAscii = first > 127 || second > 127;
      for (let at = 2; at < text.length; at += 1) {
        const third = text.charCodeAt(at);
        beyondAscii ||= third > 127;
        const list = byGram[hash(first, second, third)];
        if (list !== undefined) visit(list);
        first = second;
        second = third;
      }
      if (beyondAscii) visit(foreign);
    },
  };
}

/** Words of other scripts sort out every text in plain ASCII, however short they are. */
export function isForeign(literal: string): boolean {
  return literal !== '' && literal.charCodeAt(0) > 127;
}

function countGrams(entries: readonly (readonly string[])[]): Uint16Array {
  const counts = new Uint16Array(BUCKETS);
  for (const literal of entries.flat()) for (const gram of gramsOf(literal)) counts[gram] = (counts[gram] ?? 0) + 1;
  return counts;
}

function rarestGram(literal: string, popularity: Uint16Array): number {
  return gramsOf(literal).reduce((best, gram) => ((popularity[gram] ?? 0) < (popularity[best] ?? 0) ? gram : best));
}

function gramsOf(literal: string): number[] {
  return Array.from({ length: Math.max(0, literal.length - GRAM + 1) }, (_, at) =>
    hash(literal.charCodeAt(at), literal.charCodeAt(at + 1), literal.charCodeAt(at + 2)),
  );
}

function hash(first: number, second: number, third: number): number {
  return (first * 1009 + second * 31 + third) & (BUCKETS - 1);
}

function push(list: number[], entry: number): void {
  if (list.at(-1) !== entry) list.push(entry);
}
