/** Lines sent before, for the arrow keys. */
export interface LineHistory {
  add(line: string): void;
  /** The line before the one shown; `draft` is kept and comes back at the end. */
  older(draft: string): string | undefined;
  newer(): string | undefined;
  /** Typing leaves the history. */
  leave(): void;
}

/** Keeps the last `capacity` lines; a line sent twice in a row counts once. */
export function createLineHistory(capacity = 100): LineHistory {
  const lines: string[] = [];
  let at: number | undefined;
  let draft = '';
  return {
    add(line) {
      at = undefined;
      if (line === '' || lines.at(-1) === line) return;
      lines.push(line);
      if (lines.length > capacity) lines.shift();
    },
    older(current) {
      if (at === undefined) draft = current;
      const next = (at ?? lines.length) - 1;
      if (next < 0) return undefined;
      at = next;
      return lines[at];
    },
    newer() {
      if (at === undefined) return undefined;
      at += 1;
      if (at < lines.length) return lines[at];
      at = undefined;
      return draft;
    },
    leave() {
      at = undefined;
    },
  };
}
