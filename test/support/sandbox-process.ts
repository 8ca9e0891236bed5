import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The product as a newcomer starts it: a process of its own, without credentials, on a free port. */
export interface SandboxProcess {
  url: string;
  /** Everything it printed on stdout. */
  stdout: () => string;
  /** Milliseconds from start to the printed address. */
  startedInMs: number;
  stop(): Promise<number | null>;
}

const MAIN = path.resolve(import.meta.dirname, '../../dist/src/main.js');

/** @param env settings over the ones that make it private to the test */
export async function startSandboxProcess(env: Record<string, string> = {}): Promise<SandboxProcess> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mailmedic-e2e-'));
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, MAILMEDIC_DATA_DIR: dataDir, MAILMEDIC_HTTP_PORT: '0', MAILMEDIC_LOG_LEVEL: 'warn', ...env },
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      const found = /http:\/\/\S+/.exec(stdout);
      if (found !== null) resolve(found[0]);
    });
    void exited.then((code) => reject(new Error(`it ended with ${code} before it said where it is: ${stderr}`)));
  });
  return {
    url,
    stdout: () => stdout,
    startedInMs: performance.now() - began,
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}
