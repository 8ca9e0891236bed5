import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a program is started and when it counts as up. */
export interface StartOptions {
  env?: NodeJS.ProcessEnv;
  /** Listening once this answers. */
  waitFor?: { ip: string; port: number };
}

/** The programs that the lab has started, all of which end with it. */
export interface Daemons {
  start(name: string, program: string, args: readonly string[], options?: StartOptions): Promise<void>;
  /** Where the output of the daemons goes. */
  folder: string;
  stop(): Promise<void>;
}

const START_MS = 10_000;

/** Each daemon leads a process group, so that its children go with it. */
export function createDaemons(folder: string): Daemons {
  const running = new Map<string, ChildProcess>();
  return {
    folder,
    async start(name, program, args, { env, waitFor } = {}) {
      const log = openSync(path.join(folder, `${name}.out`), 'a');
      const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env: env ?? process.env });
      running.set(name, child);
      let ended: string | undefined;
      child.once('error', (error) => {
        ended = error.message;
      });
      child.once('exit', (code, signal) => {
        ended = `it ended with ${code ?? signal}`;
        running.delete(name);
      });
      if (waitFor === undefined) return;
      const until = Date.now() + START_MS;
      while (!(await answers(waitFor))) {
        if (ended !== undefined) throw new Error(`${name} does not start: ${ended}. See ${folder}/${name}.out`);
        if (Date.now() > until) throw new Error(`${name} does not listen. See ${folder}/${name}.out`);
        await sleep(50);
      }
    },
    async stop() {
      const gone = [...running.values()].map((child) => (child.exitCode === null ? once(child, 'exit') : undefined));
      for (const child of running.values()) endGroup(child);
      await Promise.race([Promise.all(gone), sleep(2000)]);
    },
  };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // Gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function answers({ ip, port }: { ip: string; port: number }): Promise<boolean> {
  const socket = net.connect({ host: ip, port });
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return connected;
}
