import { open } from 'node:fs/promises';
import { errnoOf, UserError } from '../../errors.ts';
import { type ByteSource, fileSource, streamSource } from './byte-source.ts';
import { decodeSample, detectEncoding, looksBinary } from './encoding.ts';
import type { TraceFormat, TraceSample } from './formats/format.ts';
import { FORMATS } from './formats/index.ts';
import type { TraceInput } from './input.ts';
import { WINDOW_BYTES } from './windows.ts';

/** A file whose format is known, ready to be read from its beginning. */
export interface OpenInput {
  input: TraceInput;
  source: ByteSource;
  /** What was already read to know the format. */
  head: Buffer;
  sample: TraceSample;
  format: TraceFormat;
  /** Bytes of a regular file, which can be read by offset; undefined for anything else. */
  fileSize: number | undefined;
}

const SAMPLE_BYTES = 65_536;

/** Opens a file and finds out what it is. Throws UserError when it is empty, binary or of no known format. */
export async function openInput(input: TraceInput): Promise<OpenInput> {
  const { source, fileSize } = await openSource(input);
  try {
    const head = Buffer.alloc(WINDOW_BYTES);
    const length = await source.fill(head);
    const sample = sampleOf(input.name, head.subarray(0, Math.min(length, SAMPLE_BYTES)));
    return { input, source, head: head.subarray(0, length), sample, format: formatOf(sample), fileSize };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** A regular file is read by offset; a pipe, like an upload, only once from its beginning. */
async function openSource(input: TraceInput): Promise<{ source: ByteSource; fileSize?: number }> {
  try {
    if (input.path !== undefined) {
      const file = await open(input.path);
      const stat = await file.stat();
      if (stat.isFile()) return { source: fileSource(file, 0), fileSize: stat.size };
      await file.close();
    }
    return { source: streamSource(await input.open()) };
  } catch (error) {
    const reason = UNREADABLE[errnoOf(error) ?? ''];
    if (reason === undefined) throw error;
    throw new UserError(`I cannot read ${input.name}: ${reason}. Check the name and try again.`, { cause: error });
  }
}

const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EISDIR: 'it is a folder',
};

function sampleOf(name: string, bytes: Buffer): TraceSample {
  if (bytes.length === 0) throw new UserError(`${name} is empty. Export the trace again and check its size.`);
  const encoding = detectEncoding(bytes);
  const text = decodeSample(bytes, encoding);
  if (looksBinary(text)) {
    const hint = bytes.subarray(0, 2).toString('latin1') === 'PK' ? ' It looks like a workbook or an archive.' : '';
    throw new UserError(`${name} is not a text file.${hint} Save or unpack it as CSV and try again. ${readable()}`);
  }
  return { name, text, lines: text.split(/\r\n|\n|\r/), encoding };
}

function formatOf(sample: TraceSample): TraceFormat {
  const format = FORMATS.find((candidate) => candidate.detect(sample));
  if (format) return format;
  const [first = ''] = sample.lines;
  const shown = first.length > 120 ? `${Array.from(first.slice(0, 120)).slice(0, -1).join('')}…` : first;
  throw new UserError(
    `I don't know the format of ${sample.name}. Its first line is: ${shown || '(empty)'}. ${readable()}`,
  );
}

function readable(): string {
  return `I read ${FORMATS.map(({ title }) => title).join('; ')}.`;
}
