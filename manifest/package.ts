#!/usr/bin/env node
import { UserError } from '../src/errors.ts';
import { packageTeams } from './teams/package-teams.ts';

// `npm run manifest`: writes mailmedic-teams.zip and prints its name; 2 when something is missing.
try {
  process.stdout.write(`${packageTeams(process.argv.slice(2), process.env)}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
