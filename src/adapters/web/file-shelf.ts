import type { CardFile } from '../../../cards/card.ts';
import type { WireFile } from './page/wire.ts';

/** Files that answers brought along, kept in memory for download. */
export interface FileShelf {
  put(file: CardFile): WireFile;
  get(id: string): { name: string; content: Buffer } | undefined;
}

/** Keeps at most `maxBytes`; the oldest files go first. */
export function createFileShelf(newId: () => string, maxBytes = 64_000_000): FileShelf {
  const kept = new Map<string, { name: string; content: Buffer }>();
  let total = 0;

  return {
    put(file) {
      const content = Buffer.from(file.content, 'utf8');
      const id = newId();
      kept.set(id, { name: file.name, content });
      total += content.length;
      for (const [oldest, { content: old }] of kept) {
        if (total <= maxBytes || oldest === id) break;
        kept.delete(oldest);
        total -= old.length;
      }
      return { id, name: file.name, title: file.title, size: content.length };
    },
    get: (id) => kept.get(id),
  };
}
