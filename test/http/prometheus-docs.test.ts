import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROBE_MODULES } from '../../src/http/probe-modules.ts';
import { findPromtool } from './promtool.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/prometheus.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)].map(([, name, text]) => ({ name, text }));

describe('docs/prometheus.md', () => {
  it('shows a scrape configuration and rules that are YAML', () => {
    expect(blocks.map(({ name }) => name)).toEqual(['prometheus.yml', 'mail-alerts.yml']);
    expect(parse(blocks[0]?.text ?? '')).toMatchObject({ scrape_configs: [{ metrics_path: '/probe' }] });
  });

  it('names every module and no other', () => {
    const table = page.slice(page.indexOf('| module |'), page.indexOf('`&debug=true`'));
    expect([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).sort()).toEqual(
      Object.keys(PROBE_MODULES).sort(),
    );
  });

  const promtool = findPromtool();
  it.skipIf(promtool === undefined)('passes promtool check config and check rules', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mailmedic-prometheus-'));
    for (const { name, text } of blocks) {
      const here = text?.replace('/etc/prometheus/mailmedic-token', path.join(folder, 'token'));
      writeFileSync(path.join(folder, name ?? ''), here ?? '');
    }
    writeFileSync(path.join(folder, 'token'), 'a-token-of-sixteen-characters');
    const check = (what: string, file: string): string =>
      execFileSync(promtool ?? '', ['check', what, path.join(folder, file)], { encoding: 'utf8' });
    expect(check('config', 'prometheus.yml')).toContain('SUCCESS');
    expect(check('rules', 'mail-alerts.yml')).toContain('SUCCESS: 2 rules found');
  });
});
