import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { generateTrace, type TraceTotals } from './generate-trace.ts';
import { type Answer, CONTENDERS } from './trace-contenders.ts';

/**
 * `npm run bench:trace [-- --mb 500 --runs 3]`: generates a trace and reads it with mailmedic, DuckDB and csv-parse, each
 * in a process of its own. Only the ratios of one run mean anything: other work on the machine slows all of them.
 */
interface Measurement {
  answer: Answer;
  seconds: number;
  peakMb: number;
}

const run = promisify(execFile);

async function main(): Promise<void> {
  const options = {
    mb: { type: 'string', default: '100' },
    runs: { type: 'string', default: '3' },
    child: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [path = ''] = positionals;
  if (values.child !== undefined) return measure(values.child, path);
  const folder = await mkdtemp(join(tmpdir(), 'mailmedic-bench-'));
  try {
    await compare(folder, Number(values.mb) * 1e6, Number(values.runs));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** In the child: answers once and prints how long it took and how much memory the process ever held. */
async function measure(name: string, path: string): Promise<void> {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`no contender ${name}`);
  const started = performance.now();
  const answer = await contender(path);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(JSON.stringify({ answer, seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

async function compare(folder: string, bytes: number, runs: number): Promise<void> {
  const files = { utf8: join(folder, 'trace.csv'), utf16le: join(folder, 'trace-utf16.csv') };
  const totals = await generate(files, bytes);
  print(
    `${(bytes / 1e6).toFixed(0)} MB of UTF-8, ${totals.rows} rows, ${totals.messages} messages; best of ${runs} runs`,
  );
  const best = new Map<string, Measurement & { mbPerSecond: number }>();
  // One round after the other, so that a busy minute hits all alike.
  for (let round = 0; round < runs; round++) {
    for (const name of Object.keys(CONTENDERS)) {
      const path = name.endsWith('UTF-16LE') ? files.utf16le : files.utf8;
      const result = await inChild(name, path);
      check(name, result.answer, totals);
      const mbPerSecond = (await stat(path)).size / 1e6 / result.seconds;
      if (mbPerSecond > (best.get(name)?.mbPerSecond ?? 0)) best.set(name, { ...result, mbPerSecond });
    }
  }
  const own = best.get('mailmedic, a file')?.seconds ?? Number.NaN;
  print(
    `${'contender'.padEnd(32)}${'MB/s'.padStart(8)}${'seconds'.padStart(10)}${'mailmedic is faster by'.padStart(25)}${'peak RSS'.padStart(12)}`,
  );
  for (const [name, { mbPerSecond, seconds, peakMb }] of best) {
    const ratio = `${(seconds / own).toFixed(2)}x`;
    print(
      `${name.padEnd(32)}${mbPerSecond.toFixed(0).padStart(8)}${seconds.toFixed(3).padStart(10)}${ratio.padStart(25)}${`${peakMb.toFixed(0)} MB`.padStart(12)}`,
    );
  }
}

async function inChild(name: string, path: string): Promise<Measurement> {
  const { stdout } = await run(process.execPath, [fileURLToPath(import.meta.url), '--child', name, path]);
  return JSON.parse(stdout) as Measurement;
}

function check(name: string, answer: Answer, totals: TraceTotals): void {
  const { rows, messages, deferEvents } = totals;
  const { delivered, failed, pending } = totals.recipientOutcomes;
  const right = { rows, messages, deferEvents, recipients: answer.recipients && { delivered, failed, pending } };
  if (JSON.stringify(answer) !== JSON.stringify(right)) {
    throw new Error(`${name} answers ${JSON.stringify(answer)} instead of ${JSON.stringify(right)}`);
  }
}

async function generate(files: { utf8: string; utf16le: string }, bytes: number): Promise<TraceTotals> {
  const [utf8, utf16le] = [createWriteStream(files.utf8), createWriteStream(files.utf16le)];
  const chunks = generateTrace(bytes);
  for (let next = chunks.next(); ; next = chunks.next()) {
    if (next.done) {
      utf8.end();
      utf16le.end();
      await Promise.all([finished(utf8), finished(utf16le)]);
      return next.value;
    }
    const { value } = next;
    await Promise.all([write(utf8, Buffer.from(value)), write(utf16le, Buffer.from(value, 'utf16le'))]);
  }
}

function write(stream: ReturnType<typeof createWriteStream>, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
