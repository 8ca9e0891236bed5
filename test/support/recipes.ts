import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A fenced block of CONTRIBUTING.md that does something: writes a file or changes one. */
export interface RecipeBlock {
  kind: 'ts' | 'diff';
  file: string;
  text: string;
}

/** Every block whose fence names a file: ```` ```ts path ```` or ```` ```diff path ````. */
export function readRecipes(markdown: string): RecipeBlock[] {
  return [...markdown.matchAll(/^```(ts|diff) (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, kind = '', file = '', text = '']) => ({
      kind: kind === 'diff' ? 'diff' : 'ts',
      file,
      text,
    }),
  );
}

/** Does what a block says below `root`. @throws Error when a line that a change refers to is not there. */
export function applyRecipe(root: string, block: RecipeBlock): void {
  const file = path.join(root, block.file);
  if (block.kind === 'ts') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, block.text);
    return;
  }
  writeFileSync(file, applyDiff(readFileSync(file, 'utf8'), block));
}

/** Context lines are looked for, in order; `-` lines go, `+` lines come where the last line was found. */
function applyDiff(source: string, block: RecipeBlock): string {
  const lines = source.split('\n');
  let at = 0;
  for (const change of block.text.split('\n').filter((line) => line.trim() !== '')) {
    const text = change.slice(1);
    if (change.startsWith('+')) {
      lines.splice(at, 0, text);
      at += 1;
      continue;
    }
    const found = lines.indexOf(text, at);
    if (found < 0) throw new Error(`${block.file} has no line "${text}" after line ${at}`);
    if (change.startsWith('-')) lines.splice(found, 1);
    at = change.startsWith('-') ? found : found + 1;
  }
  return lines.join('\n');
}
