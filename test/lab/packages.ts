import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/package-info.ts';

/** Each resolved by itself: Postfix, Exim and OpenSMTPD cannot be installed side by side, and need not be. */
const GROUPS = [['postfix'], ['exim4-daemon-light'], ['opensmtpd'], ['nsd', 'unbound', 'ldnsutils', 'dnsmasq-base']];

/** Outside git; the packages stay there between runs. */
const CACHE = path.join(packageRoot, 'test/lab/.cache');

/** Where the unpacked programs are. */
export interface Programs {
  root: string;
  /** Lets the programs find their libraries below the root. */
  env: NodeJS.ProcessEnv;
}

/**
 * Fetches the Debian packages of the real servers, the first time, and unpacks them into the folder; nothing is installed, and no
 * maintainer script runs.
 * @throws Error with what apt printed.
 */
export function unpackPrograms(folder = CACHE): Programs {
  const root = path.join(folder, 'root');
  const done = path.join(folder, `unpacked-${GROUPS.flat().join('-')}`);
  if (!existsSync(done)) {
    const archives = path.join(folder, 'archives');
    rmSync(root, { recursive: true, force: true });
    mkdirSync(path.join(archives, 'partial'), { recursive: true });
    mkdirSync(root);
    run('apt-get', ['-qq', 'update']);
    for (const group of GROUPS) fetchGroup(group, archives);
    for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
      run('dpkg-deb', ['-x', path.join(archives, file), root]);
    }
    writeFileSync(done, '');
  }
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'usr/lib/postfix', 'usr/lib'];
  return {
    root,
    env: { ...process.env, LD_LIBRARY_PATH: libraries.map((library) => path.join(root, library)).join(':') },
  };
}

/** `--reinstall`, so that a package that the machine has is fetched too; libraries that it has are used as they are. */
function fetchGroup(group: readonly string[], archives: string): void {
  run('apt-get', [
    'install',
    '--download-only',
    '--reinstall',
    '--no-install-recommends',
    '-y',
    '-qq',
    '-o',
    `Dir::Cache::archives=${archives}`,
    '-o',
    'Debug::NoLocking=1',
    ...group,
  ]);
}

function run(program: string, args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Error(`${program} ${args[0]} ${args.at(-1)} fails: ${stderr?.toString() ?? String(error)}`);
  }
}
