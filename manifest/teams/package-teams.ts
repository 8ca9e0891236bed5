import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { envName, loadConfig } from '../../src/config.ts';
import { messageOf, UserError } from '../../src/errors.ts';
import { packageRoot, version } from '../../src/package-info.ts';
import { buildTeamsPackage } from './build-package.ts';
import { fillManifest } from './fill-manifest.ts';

const USAGE = 'Usage: npm run manifest -- [--out mailmedic-teams.zip] [--config FILE]';

/**
 * Builds the Teams app package of this installation. App id and address come from the configuration.
 * @returns the file that was written @throws UserError that says what is missing
 */
export function packageTeams(args: string[], env: NodeJS.ProcessEnv): string {
  const { out, file } = readArgs(args);
  const config = loadConfig({ file, env });
  const appId = needed(config.teams.appId, 'teams.appId', 'the application (client) id of the bot registration');
  const publicUrl = needed(
    config.http.publicUrl,
    'http.publicUrl',
    'the https address under which Teams reaches this server',
  );
  const folder = path.join(packageRoot, 'manifest', 'teams');
  const template: unknown = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  const manifest = fillManifest(template, { appId, publicUrl, version });
  const bytes = buildTeamsPackage(manifest, (name) => readFileSync(path.join(folder, name)));
  try {
    writeFileSync(out, bytes);
  } catch (error) {
    throw new UserError(`${out} cannot be written: ${messageOf(error)}. Give another place with --out.`, {
      cause: error,
    });
  }
  return out;
}

function needed(value: string | undefined, key: string, meaning: string): string {
  if (value !== undefined && value.trim() !== '') return value.trim();
  throw new UserError(`${key} is not set. Set ${envName(key)} to ${meaning}.`);
}

function readArgs(args: string[]): { out: string; file: string | undefined } {
  try {
    const { values } = parseArgs({ args, options: { out: { type: 'string' }, config: { type: 'string' } } });
    return { out: values.out ?? 'mailmedic-teams.zip', file: values.config };
  } catch (error) {
    throw new UserError(`${messageOf(error)}. ${USAGE}`, { cause: error });
  }
}
