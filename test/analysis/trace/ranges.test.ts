import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTrace, type TraceInput } from '../../../src/analysis/trace/parse-trace.ts';
import { readRange } from '../../../src/analysis/trace/range.ts';
import { openInput } from '../../../src/analysis/trace/read-input.ts';
import { readInRanges } from '../../../src/analysis/trace/read-parallel.ts';
import { Tally } from '../../../src/analysis/trace/tally.ts';
import { generateTrace, type TraceTotals } from '../../bench/generate-trace.ts';
import { upload } from './fixture.ts';

const SEED = 7;
let folder = '';
let text = '';
let totals: TraceTotals;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailmedic-ranges-'));
  const chunks = generateTrace(3e6, 3);
  for (let next = chunks.next(); ; next = chunks.next()) {
    if (next.done) {
      totals = next.value;
      break;
    }
    text += next.value;
  }
});

afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['UTF-8', (csv: string) => Buffer.from(csv)],
  ['UTF-8 with a mark', (csv: string) => Buffer.from(`\ufeff${csv}`)],
  ['UTF-16LE', (csv: string) => Buffer.from(csv, 'utf16le')],
  ['UTF-16LE with a mark', (csv: string) => Buffer.from(`\ufeff${csv}`, 'utf16le')],
  ['UTF-16BE', (csv: string) => Buffer.from(csv, 'utf16le').swap16()],
])('a generated trace in %s: the exact totals, in one go and in ranges', async (name, encode) => {
  const file = await fileOf(name, encode(text));
  const report = await parseTrace([file], {});
  const { errors, ...scalars } = totals;
  expect(report).toMatchObject(scalars);
  expect(report.files).toMatchObject([{ encoding: name.split(' ')[0], skipped: 0 }]);
  const byType: Record<string, number> = {};
  for (const { errorType, count } of report.errors) byType[errorType] = (byType[errorType] ?? 0) + count;
  expect(byType).toEqual(errors);
  const whole = await tallyOf(file, 1);
  for (const parts of [2, 3, 7]) expect(await tallyOf(file, parts)).toEqual(whole);
});

test('lines of problems in later ranges are those of the file', async () => {
  const lines = text.split('\r\n');
  const spoiled = [1000, 2000, 3000].map((at) => Math.min(at, lines.length - 3));
  for (const at of spoiled) lines[at] = '"2026-09-04T15:00:35.0399020Z","short"';
  const file = await fileOf('spoiled', Buffer.from(lines.join('\r\n')));
  const tally = new Tally({ seed: SEED, timeline: false });
  const opened = await openInput(file);
  const result = await readInRanges(opened, 4, tally, { seed: SEED, query: {} }, readRange);
  await opened.source.close();
  expect(result?.problems.map(({ line }) => line)).toEqual(spoiled.map((at) => at + 1));
});

test('a line inside a field that looks like a record makes the ranges be read again in one go', async () => {
  const trap = '2026-09-04T15:00:35.0399020Z,fake'.concat(',x'.repeat(30));
  const poisoned = text.replaceAll('"Order ', `"Order\r\n${`${trap}\r\n`.repeat(30)}`);
  const file = await fileOf('trap', Buffer.from(poisoned));
  const refused: boolean[] = [];
  const opened = await openInput(file);
  for (let parts = 2; parts < 12; parts++) {
    const tally = new Tally({ seed: SEED, timeline: false });
    const result = await readInRanges(opened, parts, tally, { seed: SEED, query: {} }, readRange);
    refused.push(result === undefined);
    if (result) expect(tally.data()).toMatchObject({ rows: totals.rows });
    else expect(tally.data()).toMatchObject({ rows: 0 });
  }
  await opened.source.close();
  expect(refused).toContain(true);
});

test('how an upload is cut makes no difference', async () => {
  const part = text.slice(0, text.indexOf('\r\n', 60_000) + 2);
  const reports = [];
  for (const piece of [1, 7, 4096, 1 << 20]) {
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const { files, ...report } = await parseTrace([upload(Buffer.from(part, encoding), piece)], {});
      expect(files[0]?.skipped).toBe(0);
      reports.push(report);
    }
  }
  for (const report of reports) expect(report).toEqual(reports[0]);
});

async function fileOf(name: string, bytes: Buffer): Promise<TraceInput> {
  const path = join(folder, `${name.replaceAll(' ', '-')}.csv`);
  await writeFile(path, bytes);
  return { name, path, size: bytes.length, open: async () => createReadStream(path) };
}

/** Everything that the report is made of. */
async function tallyOf(file: TraceInput, parts: number): Promise<unknown> {
  const tally = new Tally({ seed: SEED, timeline: false });
  const opened = await openInput(file);
  try {
    if (parts === 1) {
      const { path = '' } = file;
      const { sample, format } = opened;
      const task = { path, format: format.id, sample, seed: SEED, query: {}, start: 0, stop: null };
      tally.merge((await readRange(task, new AbortController().signal, () => undefined)).tally);
    } else {
      const result = await readInRanges(opened, parts, tally, { seed: SEED, query: {} }, readRange);
      expect(result).toBeDefined();
    }
  } finally {
    await opened.source.close();
  }
  return {
    outcomes: tally.outcomes(),
    errors: tally.errors.report(),
    attempts: tally.attempts.report(),
    stages: tally.stages.report(),
    rows: tally.rows,
    first: tally.first,
    last: tally.last,
  };
}
