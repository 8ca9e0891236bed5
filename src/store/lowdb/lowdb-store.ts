import { mkdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Low } from 'lowdb';
import { z } from 'zod';
import { errnoOf } from '../../errors.ts';
import { type Run, runSchema, type Store } from '../store.ts';
import { DurableFile, writeDurably } from './durable-file.ts';

const dataSchema = z.object({ version: z.literal(1), runs: z.array(runSchema) });
type Data = z.infer<typeof dataSchema>;

/** Ended runs are kept for this many; older ones are forgotten so that the file stays small. */
const KEEP_ENDED = 500;

/** Ids are made by us; anything else must not become a path. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The default store: runs in one small JSON file, answers as one file each beside it.
 * @throws UserError when another process uses the folder.
 */
export async function openLowdbStore(dataDir: string): Promise<Store> {
  const answers = path.join(dataDir, 'answers');
  mkdirSync(answers, { recursive: true, mode: 0o700 });
  const file = new DurableFile<Data>(path.join(dataDir, 'mailmedic.json'), (value) => dataSchema.parse(value));
  const low = new Low<Data>(file, { version: 1, runs: [] });
  await low.read();
  const answerFile = (runId: string): string | undefined =>
    ID.test(runId) ? path.join(answers, `${runId}.json`) : undefined;

  return {
    async putRun(run) {
      const { runs } = low.data;
      const at = runs.findIndex((one) => one.id === run.id);
      if (at < 0) runs.push(run);
      else runs[at] = run;
      forgetOldest(low.data);
      await low.write();
    },
    async getRun(id) {
      return low.data.runs.find((run) => run.id === id);
    },
    async unfinishedRuns() {
      return low.data.runs.filter((run) => run.state === 'running');
    },
    async putAnswer(runId, card) {
      const target = answerFile(runId);
      if (target !== undefined) await writeDurably(target, JSON.stringify(card));
    },
    async getAnswer(runId) {
      const source = answerFile(runId);
      if (source === undefined) return undefined;
      try {
        return JSON.parse(await readFile(source, 'utf8'));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    async sweepAnswers(olderThan) {
      await mkdir(answers, { recursive: true });
      let swept = 0;
      for (const name of await readdir(answers)) {
        const target = path.join(answers, name);
        if ((await stat(target)).mtime >= olderThan) continue;
        await rm(target, { force: true });
        swept += 1;
      }
      return swept;
    },
    close: () => file.close(),
  };
}

function forgetOldest(data: Data): void {
  const ended = data.runs.filter((run: Run) => run.state !== 'running');
  if (ended.length <= KEEP_ENDED) return;
  const forget = new Set(ended.slice(0, ended.length - KEEP_ENDED).map((run) => run.id));
  data.runs = data.runs.filter((run) => !forget.has(run.id));
}
