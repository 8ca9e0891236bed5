import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/cli.js', import.meta.url));

/** Longer than any probe may take with the deadlines that the lab sets. */
const KILL_AFTER_MS = 60_000;

/** How one run of the product ended; `exitStatus` is null when it had to be killed. */
export interface ProbeRun {
  exitStatus: number | null;
  stdout: string;
  stderr: string;
  tookMs: number;
}

/** Runs the built product as a person would, in a folder of its own and with nothing of this machine's settings. */
export async function runProbe(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProbeRun> {
  const home = mkdtempSync(path.join(folder, 'home-'));
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, 'probe', ...args, '--json'], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, MAILMEDIC_DATA_DIR: path.join(home, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: KILL_AFTER_MS,
    killSignal: 'SIGKILL',
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    output.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    output.stderr += data.toString();
  });
  const exitStatus = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  rmSync(home, { recursive: true, force: true });
  return { exitStatus, ...output, tookMs: performance.now() - began };
}
