import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Diagnosis } from '../src/analysis/diagnosis.ts';
import { messageOf, UserError } from '../src/errors.ts';
import { openPath } from './open-path.ts';
import { readAll } from './read-all.ts';

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string().optional(),
  file: z.string().optional(),
});

/** One answer of a batch: the diagnosis with the line's id, or what was wrong with the line. */
export type BatchAnswer = ({ id: string | number } & Diagnosis) | { id: string | number | null; error: string };

/**
 * Answers each line `{id, text}` or `{id, file}` of a JSONL file with one document, same id, same order. A line that
 * cannot be read becomes an answer with `error`; the rest goes on.
 */
export async function* diagnoseBatch(
  file: string,
  diagnose: (input: string | Uint8Array) => Promise<Diagnosis>,
): AsyncGenerator<BatchAnswer> {
  if (file !== '-') openPath(file);
  const input = file === '-' ? process.stdin : createReadStream(file);
  const folder = file === '-' ? '.' : path.dirname(file);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield await answer(line, folder, diagnose);
  }
}

async function answer(
  line: string,
  folder: string,
  diagnose: (input: string | Uint8Array) => Promise<Diagnosis>,
): Promise<BatchAnswer> {
  let id: string | number | null = null;
  try {
    const item = lineSchema.parse(JSON.parse(line));
    id = item.id;
    return { id: item.id, ...(await diagnose(await inputOf(item, folder))) };
  } catch (error) {
    const known =
      error instanceof UserError
        ? error.message
        : `The line is not {"id", "text"} or {"id", "file"}: ${messageOf(error)}`;
    return { id, error: known };
  }
}

async function inputOf(item: z.infer<typeof lineSchema>, folder: string): Promise<string | Uint8Array> {
  if (item.text !== undefined) return item.text;
  if (item.file === undefined) throw new UserError('The line has neither text nor file.');
  const source = openPath(path.resolve(folder, item.file));
  return readAll(await source.open(), {
    limit: 50 * 1024 * 1024,
    what: item.file,
    signal: new AbortController().signal,
  });
}
