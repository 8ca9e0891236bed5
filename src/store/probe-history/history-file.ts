import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';

/** The file that is appended to. Files with more in their name were set aside by a process that compacts them. */
const CURRENT = 'probe-history.jsonl';
const ANY = /^probe-history(?:-[\w-]+)?\.jsonl$/;

/** A writer that finds its file set aside writes again; that twice in a row is already odd. */
const TRIES = 5;

/** Of a file that nobody compacts only the end is read. */
const MAX_READ = 8 * 1024 * 1024;

let asides = 0;

/**
 * Adds text to the current file with one write in append mode, so that several processes can write without a lock (the
 * server holds the store's, a command line must not wait for it). Resolves with the file's size.
 * Nothing is synced: a record lost in a power cut is no promise broken.
 */
export async function appendText(folder: string, text: string): Promise<number> {
  const file = path.join(folder, CURRENT);
  for (let attempt = 1; ; attempt += 1) {
    const handle = await openToAppend(file);
    try {
      // One call of the system: what other processes append stands before it or after it.
      const { bytesWritten } = await handle.write(text);
      if (bytesWritten < Buffer.byteLength(text)) throw new Error(`only ${bytesWritten} bytes could be written`);
      const [mine, there] = await Promise.all([handle.stat(), statIfThere(file)]);
      // Set aside since it was opened, perhaps already read by the one who compacts it. Readers drop the double.
      if (mine.ino === there?.ino || attempt === TRIES) return mine.size;
    } finally {
      await handle.close();
    }
  }
}

/** The text of all files, what was set aside first. Empty when there is none. */
export async function readAllText(folder: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const names = await historyFiles(folder);
    let text = '';
    for (const name of names) text += `${await readEnd(path.join(folder, name))}\n`;
    // A file that was set aside meanwhile may have been missed.
    if (attempt === TRIES || names.join() === (await historyFiles(folder)).join()) return text;
  }
}

/** What is done with the text of the files that are compacted. */
export interface Compaction {
  /** What of the text goes on. */
  choose: (text: string) => string;
  /** A file that was set aside longer ago than this was left behind by a process that ended. */
  abandonedMs: number;
}

/**
 * Sets the current file aside, and what others left behind; `choose` says what of their text goes on. Its answer is
 * appended before the files are removed, so that a crash at any point leaves doubles at worst.
 */
export async function compactFiles(folder: string, { choose, abandonedMs }: Compaction): Promise<void> {
  const taken: string[] = [];
  for (const name of await historyFiles(folder)) {
    if (name !== CURRENT && (await asideMs(path.join(folder, name))) < abandonedMs) continue;
    const aside = path.join(folder, `probe-history-${process.pid}-${Date.now()}-${asides++}.jsonl`);
    // Renaming is atomic: of two who want the same file one gets it.
    if (await renameIfThere(path.join(folder, name), aside)) taken.push(aside);
  }
  let text = '';
  for (const file of taken) text += `${await readEnd(file)}\n`;
  const kept = choose(text);
  if (kept !== '') await appendText(folder, kept);
  for (const file of taken) await rm(file, { force: true });
}

/** Names of the files, the current one last. */
async function historyFiles(folder: string): Promise<string[]> {
  const names = (await listIfThere(folder)).filter((name) => ANY.test(name)).sort();
  return [...names.filter((name) => name !== CURRENT), ...names.filter((name) => name === CURRENT)];
}

async function openToAppend(file: string): ReturnType<typeof open> {
  try {
    return await open(file, 'a', 0o600);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return open(file, 'a', 0o600);
  }
}

async function readEnd(file: string): Promise<string> {
  const handle = await ifThere(open(file, 'r'));
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - MAX_READ);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - from), position: from });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** How long ago the file got its name; 0 when it is gone. */
async function asideMs(file: string): Promise<number> {
  const found = await statIfThere(file);
  return found === undefined ? 0 : Date.now() - found.ctimeMs;
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  return (await ifThere(rename(from, to).then(() => true))) ?? false;
}

async function listIfThere(folder: string): Promise<string[]> {
  return (await ifThere(readdir(folder))) ?? [];
}

function statIfThere(file: string) {
  return ifThere(stat(file));
}

/** What another process took away in the meantime is undefined and no error. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
