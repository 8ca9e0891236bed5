import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** The product in a process of its own, from the built files. */
export interface ProductProcess {
  /** Address of its HTTP server. */
  url: string;
  stdout(): string;
  stderr(): string;
  /** kill -9: nothing can be tidied up. */
  kill(): Promise<void>;
  /** Ends it as a service manager does; the exit status. */
  stop(): Promise<number | null>;
}

/** How a process ended before it said where it is. */
export interface EarlyEnd {
  code: number | null;
  stderr: string;
}

const MAIN = path.resolve(import.meta.dirname, '../../dist/src/main.js');

const left = new Set<ChildProcess>();

/** For afterAll: a test that failed on its way must leave no process behind. */
export function killLeftProcesses(): void {
  for (const child of left) child.kill('SIGKILL');
}

/** Starts it in `folder`, which is made when it is missing, with only these MAILMEDIC_ settings, on a free port. */
export async function startProductProcess(folder: string, env: Record<string, string>): Promise<ProductProcess> {
  const started = await tryProductProcess(folder, env);
  if ('url' in started) return started;
  throw new Error(`it ended with ${started.code} before it said where it is: ${started.stderr}`);
}

/** The same where it may well refuse to start. */
export async function tryProductProcess(
  folder: string,
  env: Record<string, string>,
): Promise<ProductProcess | EarlyEnd> {
  await mkdir(folder, { recursive: true });
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      MAILMEDIC_DATA_DIR: path.join(folder, 'data'),
      MAILMEDIC_HTTP_PORT: '0',
      MAILMEDIC_LOG_LEVEL: 'warn',
      ...env,
    },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  left.add(child);
  void closed.then(() => left.delete(child));
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      const found = /http:\/\/\S+/.exec(stdout);
      if (found !== null) resolve(found[0]);
    });
  });
  const first = await Promise.race([address, closed.then((code) => ({ code, stderr }))]);
  if (typeof first !== 'string') return first;
  return {
    url: first,
    stdout: () => stdout,
    stderr: () => stderr,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    async stop() {
      child.kill('SIGTERM');
      return closed;
    },
  };
}
