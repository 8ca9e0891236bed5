import type { FileResult, ReadFileOptions } from './file-result.ts';
import type { TraceInput, TraceProgress } from './input.ts';
import { type OpenInput, openInput } from './read-input.ts';
import { rangeCount, readInRanges } from './read-parallel.ts';
import type { Tally } from './tally.ts';
import { feedWindows } from './windows.ts';

/** Reads one file into the tally. */
export async function readFileInto(input: TraceInput, tally: Tally, options: ReadFileOptions): Promise<FileResult> {
  const opened = await openInput(input);
  try {
    const parts = rangeCount(opened);
    const result = parts > 1 ? await readInRanges(opened, parts, tally, options) : undefined;
    return result ?? (await readSequentially(opened, tally, options));
  } finally {
    await opened.source.close();
  }
}

async function readSequentially(opened: OpenInput, tally: Tally, options: ReadFileOptions): Promise<FileResult> {
  const { input, source, head, sample, format } = opened;
  const size = opened.fileSize ?? input.size;
  const { encoding, bom } = sample.encoding;
  const reader = format.createReader(sample, tally);
  const complete = await feedWindows(source, reader, {
    encoding,
    skip: bom,
    head,
    signal: options.signal,
    onBytes: (bytes) => {
      const progress: TraceProgress = { file: input.name, rows: reader.rows, bytes };
      options.onProgress?.(size === undefined ? progress : { ...progress, totalBytes: size });
    },
  });
  return {
    name: input.name,
    format: format.id,
    encoding: reader.sawAnsi ? 'Windows-1252' : encoding,
    rows: reader.rows,
    skipped: reader.skipped,
    problems: reader.problems,
    partial: !complete,
  };
}
