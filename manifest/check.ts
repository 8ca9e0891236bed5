#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { packageRoot } from '../src/package-info.ts';
import { checkSlackManifest } from './slack/model.ts';
import { checkTeamsManifest } from './teams/model.ts';
import { askVendor } from './vendor-schemas.ts';

// `npm run manifest:check`: our own limits always, the vendors' schemas where they are at hand. Status 1 when one objects.
const slackText = readFileSync(path.join(packageRoot, 'manifest/slack/manifest.yaml'), 'utf8');
const teams: unknown = JSON.parse(readFileSync(path.join(packageRoot, 'manifest/teams/manifest.json'), 'utf8'));
const teamsResult = checkTeamsManifest(teams);

const results: [name: string, problems: string[] | undefined][] = [
  ['Slack, documented limits', checkSlackManifest(slackText)],
  ['Slack, vendor schema', await askVendor('slack-manifest.schema.json', parseYaml(slackText))],
  ['Teams, documented limits', 'problem' in teamsResult ? [teamsResult.problem] : []],
  ['Teams, vendor schema', await askVendor('teams-manifest-1.29.schema.json', teams)],
];
for (const [name, problems] of results) {
  const verdict =
    problems === undefined ? 'skipped: the schema is not at hand' : problems.length === 0 ? 'ok' : 'failed';
  process.stdout.write(`${name}: ${verdict}\n`);
  for (const problem of problems ?? []) process.stdout.write(`  ${problem}\n`);
  if ((problems ?? []).length > 0) process.exitCode = 1;
}
