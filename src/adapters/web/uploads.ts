import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IncomingFile } from '../../chat/port.ts';
import { PlatformError, UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';

const KEEP_MS = 24 * 3_600_000;
const MAX_KEPT = 50;
const MAX_KEPT_BYTES = 2_000_000_000;

/** Largest file that the page may send, in bytes. */
export const MAX_UPLOAD_BYTES = 500_000_000;

/** Files that people dropped on the page: on disk until the stop, or for a day. */
export interface Uploads {
  start(): Promise<void>;
  /** @throws PlatformError when the file is too large or too many come at once; nothing of it stays on disk then. */
  receive(name: string, body: Readable): Promise<{ id: string; name: string; size: number }>;
  /** The file as commands read it, or undefined when it is not (or no longer) kept. */
  get(id: string): (IncomingFile & { size: number }) | undefined;
  stop(): Promise<void>;
}

interface Kept {
  name: string;
  size: number;
  file: string;
  at: number;
}

/** Files lie under `dataDir/web-uploads/<this start>/<id>`: names that people gave never become paths. */
export function createUploads(options: {
  dataDir: string;
  newId: () => string;
  logger: Logger;
  maxBytes?: number;
}): Uploads {
  const maxBytes = options.maxBytes ?? MAX_UPLOAD_BYTES;
  const base = path.join(options.dataDir, 'web-uploads');
  const kept = new Map<string, Kept>();
  let arriving = 0;
  let bytesHeld = 0;
  let folder: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function drop(id: string, upload: Kept): Promise<void> {
    kept.delete(id);
    bytesHeld -= upload.size;
    await rm(upload.file, { force: true });
  }

  async function dropOld(): Promise<void> {
    for (const [id, upload] of kept) if (Date.now() - upload.at >= KEEP_MS) await drop(id, upload);
  }

  const full = (): boolean => kept.size + arriving > MAX_KEPT || bytesHeld >= MAX_KEPT_BYTES;

  /** The oldest files go first; a command that still wants one says that it is no longer kept. */
  async function makeRoom(): Promise<void> {
    for (const [id, upload] of kept) if (full()) await drop(id, upload);
    if (full()) throw new PlatformError('rate-limited', 'Too many files are on their way. Send this one again later.');
  }

  return {
    async start() {
      await mkdir(base, { recursive: true, mode: 0o700 });
      await dropLeftovers(base);
      folder = await mkdtemp(path.join(base, 'start-'));
      timer = setInterval(() => {
        dropOld().catch((error: unknown) => options.logger.warn({ err: error }, 'old uploads not removed'));
      }, KEEP_MS / 24).unref();
    },
    async receive(name, body) {
      if (folder === undefined) throw new PlatformError('unavailable', 'The server is starting. Send the file again.');
      const id = options.newId();
      const file = path.join(folder, id);
      let size = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          size += chunk.length;
          bytesHeld += chunk.length;
          if (size <= maxBytes) done(null, chunk);
          else done(new PlatformError('too-large', `The file is larger than ${maxBytes / 1e6} MB. Send a part of it.`));
        },
      });
      arriving += 1;
      try {
        await makeRoom();
        // The request outlives a refusal, or there would be no connection left to say so.
        const bytes = body.iterator({ destroyOnReturn: false });
        await pipeline(bytes, meter, createWriteStream(file, { mode: 0o600 }));
      } catch (error) {
        bytesHeld -= size;
        await rm(file, { force: true });
        throw error;
      } finally {
        arriving -= 1;
      }
      kept.set(id, { name, size, file, at: Date.now() });
      return { id, name, size };
    },
    get(id) {
      const upload = kept.get(id);
      if (upload === undefined) return undefined;
      return { name: upload.name, size: upload.size, open: (signal) => openKept(upload, signal) };
    },
    async stop() {
      clearInterval(timer);
      kept.clear();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}

async function openKept(upload: Kept, signal: AbortSignal): Promise<Readable> {
  try {
    await access(upload.file);
  } catch (cause) {
    throw new UserError(`${upload.name} is no longer kept. Attach it again.`, { cause });
  }
  return createReadStream(upload.file, { signal });
}

/** A server that was killed leaves its folder behind; one that is still running has a young folder. */
async function dropLeftovers(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const folder = path.join(base, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > KEEP_MS) await rm(folder, { recursive: true, force: true });
  }
}
