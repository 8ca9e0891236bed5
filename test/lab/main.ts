import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/errors.ts';
import { hasNamespaces, runInside, whyNot } from './machine.ts';
import { unpackPrograms } from './packages.ts';
import { runLab } from './run-lab.ts';

/**
 * `npm run test:lab [-- --only dane] [--jobs N] [--verbose] [--keep] [--shell]`: real mail servers, a real authority and a validating
 * resolver in a network namespace, and what the built product says of each scenario. See README.md beside this file.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: String(2 * availableParallelism()) },
    keep: { type: 'boolean', default: false },
    shell: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    /** Set by the lab itself: the folder it works in, inside the namespaces. */
    inside: { type: 'string' },
  },
});

/** The lab in a folder of its own, which goes with it. */
async function runOutside(): Promise<number> {
  const missing = whyNot();
  if (missing !== undefined) {
    const optional = process.env.LAB_OPTIONAL === '1';
    process.stderr.write(`The lab needs ${missing}; ${optional ? 'skipped' : 'set LAB_OPTIONAL=1 to skip it'}.\n`);
    return optional ? 0 : 2;
  }
  // Inside there is no network to fetch them over.
  unpackPrograms();
  const folder = mkdtempSync(path.join(tmpdir(), 'mailmedic-lab-'));
  // The daemons give up root and must still find their files.
  chmodSync(folder, 0o755);
  try {
    return hasNamespaces() ? await runInside(folder, process.argv.slice(2)) : await run(folder, false);
  } finally {
    if (values.keep) process.stdout.write(`zones and logs: ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function run(folder: string, namespaces: boolean): Promise<number> {
  const { only, jobs, shell, verbose } = values;
  return runLab({ folder, namespaces, only, shell, verbose, jobs: Number(jobs) });
}

/** What stops the lab itself is a sentence, not a stack. */
async function main(): Promise<number> {
  try {
    return values.inside === undefined ? await runOutside() : await run(values.inside, true);
  } catch (error) {
    process.stderr.write(`The lab stops: ${messageOf(error)}\n`);
    return 2;
  }
}

const status = await main();
// Sockets of scripted servers are still open.
process.exit(status);
