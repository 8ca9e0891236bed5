import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBreaches, type ImportEdge, partOf, productFiles, readImports } from './support/layers.ts';

const root = path.resolve(import.meta.dirname, '..');

describe('layers', () => {
  const files = productFiles(root);
  const edges = readImports(root, files);

  it('reads the whole product, so that passing means something', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(edges.length).toBeGreaterThan(files.length);
    expect(files.filter((file) => partOf(file) === undefined)).toEqual([]);
  });

  it('holds in every file', () => {
    expect(findBreaches(edges)).toEqual([]);
  });
});

describe('the check itself', () => {
  const planted = mkdtempSync(path.join(tmpdir(), 'mailmedic-layers-'));
  afterAll(() => rmSync(planted, { recursive: true }));

  const leaks: [name: string, file: string, source: string, breach: RegExp][] = [
    [
      'a core that draws cards',
      'src/probe/leak.ts',
      "import { renderText } from '../../cards/render/text.ts';",
      /may not import/,
    ],
    ['a type-only leak', 'src/analysis/leak.ts', "import type { Place } from '../chat/port.ts';", /may not import/],
    [
      'a dynamic leak',
      'src/peer/leak.ts',
      "export const x = import('../adapters/slack/slack-adapter.ts');",
      /may not import/,
    ],
    ['a re-export', 'src/dns/leak.ts', "export { createProber } from '../probe/probe.ts';", /may not import/],
    ['one adapter in another', 'src/adapters/teams/leak.ts', "import '../slack/slack-port.ts';", /may not import/],
    ['a chat SDK outside its folder', 'src/chat/leak.ts', "import { App } from '@slack/bolt';", /only the slack part/],
    ['botbuilder outside its folder', 'src/app-leak/x.ts', "import 'botbuilder';", /belongs to no part/],
    ['a database driver in a core', 'src/probe/leak2.ts', "import { Low } from 'lowdb';", /only the store part/],
    [
      'a renderer that knows commands',
      'cards/render/leak.ts',
      "import '../../commands/registry.ts';",
      /may not import/,
    ],
  ];

  it.each(leaks)('fails on %s', (_name, file, source, breach) => {
    mkdirSync(path.join(planted, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(planted, file), `${source}\n`);
    const edges: ImportEdge[] = readImports(planted, [file]);
    expect(findBreaches(edges)).toEqual([expect.stringMatching(breach)]);
  });
});
