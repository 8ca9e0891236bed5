import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Adapter } from 'lowdb';
import { errnoOf, UserError } from '../../errors.ts';

/** Lock files of this very process: a pid alone does not tell, because a restarted container gets the same one. */
const held = new Set<string>();

/**
 * A lowdb adapter that keeps its word: a write that resolved is on disk (file and folder synced), the previous generation
 * stays beside it, what is read back is checked, one process at a time owns the file, and writes that wait are merged.
 * lowdb's own file adapter does none of these.
 */
export class DurableFile<T> implements Adapter<T> {
  readonly #file: string;
  readonly #check: (value: unknown) => T;
  #next: string | undefined;
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  #running: Promise<void> | undefined;

  /** @throws UserError when another living process holds the file. */
  constructor(file: string, check: (value: unknown) => T) {
    this.#file = file;
    this.#check = check;
    this.#lock();
  }

  /** The newest generation that can be read and is valid; a broken one is set aside as `.corrupt-<time>`. Null when there is none. */
  async read(): Promise<T | null> {
    for (const file of [this.#file, `${this.#file}.prev`]) {
      const text = await readIfThere(file);
      if (text === undefined) continue;
      try {
        return this.#check(JSON.parse(text));
      } catch {
        await rename(file, `${file}.corrupt-${Date.now()}`);
      }
    }
    return null;
  }

  /** Resolves when this data, or newer data, is on disk. */
  write(data: T): Promise<void> {
    this.#next = JSON.stringify(data);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Waits for writes under way and gives the file free. */
  async close(): Promise<void> {
    await this.#running;
    held.delete(this.#lockFile);
    await rm(this.#lockFile, { force: true });
  }

  get #lockFile(): string {
    return `${this.#file}.lock`;
  }

  async #drain(): Promise<void> {
    while (this.#next !== undefined) {
      const text = this.#next;
      const waiting = this.#waiting;
      this.#next = undefined;
      this.#waiting = [];
      try {
        await writeDurably(this.#file, text, { keepPrevious: true });
        for (const one of waiting) one.resolve();
      } catch (error) {
        for (const one of waiting) one.reject(error);
      }
    }
    this.#running = undefined;
  }

  #lock(): void {
    for (;;) {
      try {
        const handle = openSync(this.#lockFile, 'wx', 0o600);
        writeSync(handle, String(process.pid));
        closeSync(handle);
        held.add(this.#lockFile);
        return;
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
        const pid = Number(readFileSync(this.#lockFile, 'utf8'));
        if (pid === process.pid ? held.has(this.#lockFile) : isAlive(pid)) {
          throw new UserError(
            `${this.#file} is in use by process ${pid}. Stop that process, or set MAILMEDIC_DATA_DIR to another folder.`,
          );
        }
        unlinkSync(this.#lockFile);
      }
    }
  }
}

/** Writes a file so that after a crash either the old or the new text is there, whole. */
export async function writeDurably(
  file: string,
  text: string,
  options: { keepPrevious?: boolean } = {},
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (options.keepPrevious === true) await keepPrevious(file);
  await rename(temporary, file);
  const folder = await open(path.dirname(path.resolve(file)), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function keepPrevious(file: string): Promise<void> {
  await rm(`${file}.prev`, { force: true });
  try {
    await link(file, `${file}.prev`);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}
