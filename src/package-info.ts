import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder of the package: where package.json, docs and static files are, whether run from sources or from dist. */
export const packageRoot: string = findRoot(import.meta.dirname);

/** Version of the package. */
export const version: string = readVersion();

function findRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    try {
      const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
      if ((JSON.parse(text) as { name?: string }).name === 'mailmedic') return folder;
    } catch {
      // Not this folder: the package file stands further up.
    }
    if (path.dirname(folder) === folder) return from;
  }
}

function readVersion(): string {
  const text = readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
