import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Clock ticks a second in /proc (`getconf CLK_TCK`); 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Milliseconds of processor time that a process has used, from proc(5); those of its ended children apart. */
export function cpuOf(pid: number): { own: number; children: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name may hold spaces and brackets, so the fields are counted from its end: utime is the 14th of all.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { own: ((user + system) * 1000) / TICKS, children: ((childUser + childSystem) * 1000) / TICKS };
}

/** Most bytes of memory that a process has held so far. */
export function peakMemoryOf(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(line) * 1024;
}

/** Core of the sink and of whoever asks over HTTP, and core of what is measured. */
export const CORES = { sink: '0', probes: '1' } as const;

/** Keeps a process with all its threads on one core. False where that cannot be done. */
export function pin(pid: number, core: string): boolean {
  try {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', core, String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A part of the bench in a process of its own, which answers each message with one. */
export interface Helper {
  pid: number;
  ask<T>(message: object): Promise<T>;
  /** Sends a message that has no answer. */
  tell(message: object): void;
  stop(): void;
}

/** Starts `probe-worker` in that role and gives it what it needs to know. */
export async function startHelper(role: string, setup: object): Promise<{ helper: Helper; ready: unknown }> {
  const child = fork(path.join(import.meta.dirname, `probe-worker${path.extname(import.meta.filename)}`), [role]);
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`the ${role} of the bench ended with ${code}`);
  });
  // It is only looked at while an answer is awaited.
  ended.catch(() => undefined);
  const ask = async <T>(message: object): Promise<T> => {
    child.send(message);
    const [answer] = (await Promise.race([once(child, 'message'), ended])) as [T];
    return answer;
  };
  return {
    helper: { pid: pidOf(child), ask, tell: (message) => void child.send(message), stop: () => void child.kill() },
    ready: await ask(setup),
  };
}

/** @throws Error when the process could not be started. */
export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`cannot start ${child.spawnfile}`);
  return child.pid;
}
