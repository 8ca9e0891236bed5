import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The built command line; `npm test` builds it first. */
export const CLI = path.resolve(import.meta.dirname, '../../dist/src/cli.js');

export interface CliRun {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Milliseconds from start to end. */
  took: number;
}

export interface CliRunOptions {
  env?: Record<string, string>;
  /** Bytes for standard input; without them it is empty. */
  stdin?: string | Buffer;
  cwd?: string;
  /** Resolves when Ctrl-C is to be pressed; `took` then counts from there. */
  interrupt?: Promise<unknown>;
}

/** Where the runs of one test file remember their probes. */
const DATA = path.join(tmpdir(), `mailmedic-cli-${process.pid}`);
process.once('exit', () => rmSync(DATA, { recursive: true, force: true }));

/** Loopback may be probed, a stage is short, nothing of the tests' own environment gets in. */
const ENV = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  MAILMEDIC_DATA_DIR: DATA,
  MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
  MAILMEDIC_PROBE_STAGE_TIMEOUT_S: '1',
};

/** Runs `mailmedic …` as a user would: a process of its own, nothing known of it but what it prints. */
export async function runCli(args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
  let began = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...ENV, ...options.env }, cwd: options.cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // It may end without having read everything.
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  void options.interrupt?.then(() => {
    began = performance.now();
    child.kill('SIGINT');
  });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr, took: performance.now() - began };
}
