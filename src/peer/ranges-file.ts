import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import { EXCHANGE_ONLINE_RANGES, type ExchangeRanges, exchangeRangesSchema } from './data/exchange-online-ranges.ts';

const NAME = 'exchange-online-ranges.json';

/** Where the newest known ranges are kept. */
export interface RangesStore {
  /** The stored ranges, else those that came with the package. Never throws for what stands in the file. */
  load(): Promise<ExchangeRanges>;
  save(ranges: ExchangeRanges): Promise<void>;
}

/** Ranges in a file of the data folder. */
export function createRangesFile(dataDir: string): RangesStore {
  const file = path.join(dataDir, NAME);
  return {
    async load() {
      const stored = parseRanges(await readIfThere(file));
      return stored !== undefined && stored.date >= EXCHANGE_ONLINE_RANGES.date ? stored : EXCHANGE_ONLINE_RANGES;
    },
    async save(ranges) {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      const next = `${file}.${process.pid}-${randomUUID()}`;
      await writeFile(next, JSON.stringify(ranges, null, 2));
      await rename(next, file);
    },
  };
}

function parseRanges(text: string | undefined): ExchangeRanges | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = exchangeRangesSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // A torn or foreign file counts as none: the shipped ranges stand in.
    return undefined;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    // A folder that cannot be read must not cost the answer: the shipped ranges are as good as a day.
    if (errnoOf(error) !== undefined) return undefined;
    throw error;
  }
}
