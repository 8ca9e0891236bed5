import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createUploads, type Uploads } from '../../../src/adapters/web/uploads.ts';
import { silentLogger } from '../../../src/log.ts';

let dataDir: string;
let uploads: Uploads;
let count = 0;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mailmedic-uploads-'));
  uploads = createUploads({ dataDir, newId: () => `id-${count++}`, logger: silentLogger(), maxBytes: 10 });
});
afterEach(async () => {
  await uploads.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const send = (content: string) => uploads.receive('a.csv', Readable.from([Buffer.from(content)]));

test('a file of exactly the bound is taken, one byte more is not', async () => {
  await uploads.start();
  const { id } = await send('0123456789');
  const stream = await uploads.get(id)?.open(new AbortController().signal);
  expect(stream === undefined ? '' : await text(stream)).toBe('0123456789');
  await expect(send('0123456789x')).rejects.toMatchObject({ kind: 'too-large' });
});

test('reading stops when the reader gives up', async () => {
  await uploads.start();
  const { id } = await send('x');
  const stream = await uploads.get(id)?.open(AbortSignal.abort());
  await expect(stream === undefined ? '' : text(stream)).rejects.toThrow(/abort/i);
});

test('the oldest file makes room, on the disk too', async () => {
  await uploads.start();
  const ids: string[] = [];
  for (let round = 0; round < 51; round += 1) ids.push((await send('x')).id);
  expect(ids.map((id) => uploads.get(id) !== undefined)).toEqual([false, ...Array.from({ length: 50 }, () => true)]);
  expect(readdirSync(path.join(dataDir, 'web-uploads'), { recursive: true })).toHaveLength(51);
});

test('so many files at once and no more', async () => {
  await uploads.start();
  const slow = Array.from({ length: 50 }, () => new PassThrough());
  const arriving = slow.map((stream) => uploads.receive('a.csv', stream));
  await expect.poll(() => readdirSync(path.join(dataDir, 'web-uploads'), { recursive: true }).length).toBe(51);
  await expect(send('x')).rejects.toMatchObject({ kind: 'rate-limited' });
  for (const stream of slow) stream.end('x');
  await Promise.all(arriving);
});

test('a file that vanished is said in words with the next step', async () => {
  await uploads.start();
  const { id } = await send('x');
  const file = uploads.get(id);
  rmSync(path.join(dataDir, 'web-uploads'), { recursive: true });
  await expect(file?.open(new AbortController().signal)).rejects.toThrow('Attach it again');
});

test('a start removes what a killed server left a day ago, not what another one is using', async () => {
  const base = path.join(dataDir, 'web-uploads');
  for (const name of ['start-old', 'start-young']) mkdirSync(path.join(base, name), { recursive: true });
  const long = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(path.join(base, 'start-old'), long, long);
  await uploads.start();
  const left = readdirSync(base);
  expect(left).toContain('start-young');
  expect(left).not.toContain('start-old');
  expect(left).toHaveLength(2);
});
