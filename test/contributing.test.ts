import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBreaches, productFiles, readImports } from './support/layers.ts';
import { applyRecipe, readRecipes } from './support/recipes.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');
const recipes = readRecipes(readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8'));
const copy = mkdtempSync(path.join(tmpdir(), 'mailmedic-contributing-'));
const newTests = recipes.filter(({ file }) => file.startsWith('test/')).map(({ file }) => file);

beforeAll(() => {
  for (const name of [
    'src',
    'commands',
    'cards',
    'manifest',
    'docs/runbooks',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  cpSync(path.join(root, 'test/support'), path.join(copy, 'test/support'), { recursive: true });
  cpSync(path.join(root, 'test/analysis/reply/rules.test.ts'), path.join(copy, 'test/analysis/reply/rules.test.ts'));
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (const recipe of recipes) applyRecipe(copy, recipe);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Output of a tool in the copy; throws with what it printed when it fails. */
async function tool(file: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [path.join(root, 'node_modules', file), ...args], {
      cwd: copy,
      env: { ...process.env, NO_COLOR: '1' },
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stdout ?? ''}\n${stderr ?? ''}`.slice(-4000));
  }
}

describe('the recipes of CONTRIBUTING.md', () => {
  it('are there: a command with its card, an error type, a trace format, each with a test', () => {
    expect(recipes.length).toBeGreaterThanOrEqual(11);
    expect(newTests).toEqual([
      'test/commands/version.test.ts',
      'test/analysis/journaling-failure.test.ts',
      'test/analysis/trace/gateway-csv.test.ts',
    ]);
  });

  it('compile', async () => {
    await tool('typescript/bin/tsc', '-p', 'tsconfig.json');
  }, 60_000);

  it('keep the layers', () => {
    expect(findBreaches(readImports(copy, productFiles(copy)))).toEqual([]);
  });

  it('pass their tests, and the tests of the tables they add to', async () => {
    const output = await tool('vitest/vitest.mjs', 'run', ...newTests, 'test/analysis/reply/rules.test.ts');
    expect(output).toMatch(/\n\d+ passed, 0 failed\n$/);
  }, 60_000);
});
