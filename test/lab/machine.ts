import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Network, mounts and processes of their own: real addresses and ports, users that nobody else sees, and nothing left over. */
const UNSHARE = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Why this machine cannot run the lab at all; undefined when it can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return 'a Debian machine';
  if (process.getuid?.() !== 0) return 'root: its servers listen at port 25';
  for (const tool of ['apt-get', 'dpkg-deb', 'ip']) if (!onPath(tool)) return `${tool}, which is not installed`;
  return undefined;
}

/** Whether the kernel lets us have namespaces. */
export function hasNamespaces(): boolean {
  try {
    execFileSync('unshare', [...UNSHARE, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not permitted, or no such program: the lab then stands on loopback.
    return false;
  }
}

/** Runs this program again inside namespaces of its own; resolves with its exit status. */
export async function runInside(folder: string, args: readonly string[]): Promise<number> {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const child = spawn('unshare', [...UNSHARE, process.execPath, main, '--inside', folder, ...args], {
    stdio: 'inherit',
  });
  // Whatever runs inside ends with the first process there.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGKILL'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 130;
}

function onPath(tool: string): boolean {
  const folders = ['/usr/sbin', '/sbin', ...(process.env.PATH ?? '').split(':')];
  return folders.some((folder) => existsSync(`${folder}/${tool}`));
}
