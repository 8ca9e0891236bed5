import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_TYPES } from '../../vocabulary.ts';
import { renderRunbook, runbookFile } from './render-runbook.ts';

/** Writes docs/runbooks/<error-type>.md for every error type into the folder given, or docs/runbooks. */
const folder = path.resolve(process.argv[2] ?? 'docs/runbooks');
mkdirSync(folder, { recursive: true });
for (const errorType of ERROR_TYPES)
  writeFileSync(path.join(folder, runbookFile(errorType)), renderRunbook(errorType, runbookFile));
