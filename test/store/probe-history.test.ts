import { existsSync, renameSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeSummary } from '../../src/probe-history.ts';
import { appendText } from '../../src/store/probe-history/history-file.ts';
import { createProbeHistory } from '../../src/store/probe-history/probe-history.ts';

const NOW = new Date('2026-11-20T12:00:00.000Z');
const clock = { now: () => NOW };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-history-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (): string => path.join(folder, 'probe-history.jsonl');
const open = (maxBytes?: number) =>
  createProbeHistory({ dataDir: folder, clock, ...(maxBytes === undefined ? {} : { maxBytes }) });

let ids = 0;
function summary(over: Partial<ProbeSummary> = {}): ProbeSummary {
  ids += 1;
  return {
    v: 1,
    probeId: `mm${ids}`,
    key: 'domain contoso.example',
    at: '2026-11-19T12:00:00.000Z',
    target: 'contoso.example',
    verdict: 'ok',
    errorType: null,
    cause: null,
    stage: null,
    dnssec: 'insecure',
    mx: ['mx1.contoso.example'],
    everyAddress: false,
    paths: [
      {
        host: 'mx1.contoso.example',
        ip: '203.0.113.10',
        serverName: null,
        protocol: 'TLSv1.3',
        cipher: null,
        capabilities: ['STARTTLS'],
        certificate: null,
        dane: null,
        mtaSts: null,
      },
    ],
    ...over,
  };
}

describe('probe history', () => {
  it('gives back the newest good probe of the key, whoever wrote it', async () => {
    const [cli, server] = [open(), open()];
    await cli.add(summary({ at: '2026-11-14T09:00:00.000Z' }));
    const newest = summary({ at: '2026-11-18T09:00:00.000Z' });
    await server.add(newest);
    await cli.add(summary({ at: '2026-11-16T09:00:00.000Z' }));
    await cli.add(summary({ verdict: 'failed', at: '2026-11-19T09:00:00.000Z' }));
    await server.add(summary({ key: 'another key', at: '2026-11-19T10:00:00.000Z' }));
    expect(await cli.lastGood('domain contoso.example')).toEqual(newest);
    expect(await server.lastGood('unheard of')).toBeUndefined();
  });

  it('reads the file once in a while for one key, and at once what it has written itself', async () => {
    let now = NOW.getTime();
    const history = createProbeHistory({ dataDir: folder, clock: { now: () => new Date(now) } });
    const [mine, theirs, late] = [14, 16, 18].map((day) => summary({ at: `2026-11-${day}T09:00:00.000Z` }));
    if (mine === undefined || theirs === undefined || late === undefined) throw new Error('there are three');
    expect(await history.lastGood(mine.key)).toBeUndefined();
    await history.add(mine);
    expect(await history.lastGood(mine.key)).toEqual(mine);
    await open().add(theirs);
    expect(await history.lastGood(mine.key)).toEqual(mine);
    now += 15_000;
    expect(await history.lastGood(mine.key)).toEqual(theirs);
    await rm(file());
    await open().add(late);
    now += 15_000;
    expect(await history.lastGood(mine.key)).toEqual(late);
  });

  it('is empty, not an error, where nothing was written yet', async () => {
    const none = createProbeHistory({ dataDir: path.join(folder, 'not', 'there'), clock });
    expect(await none.lastGood('x')).toBeUndefined();
    expect(await none.recent(['contoso.example'])).toEqual([]);
  });

  it('makes the folder, closed to others', async () => {
    const dataDir = path.join(folder, 'new');
    await createProbeHistory({ dataDir, clock }).add(summary());
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(dataDir, 'probe-history.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('rejects when the folder cannot be written, and says so to the caller only', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const broken = createProbeHistory({ dataDir: path.join(folder, 'file', 'below'), clock });
    await expect(broken.add(summary())).rejects.toThrow(/ENOTDIR/);
  });

  it.each([
    ['target', 'contoso.example'],
    ['target in capitals', 'CONTOSO.example'],
    ['MX host', 'mx1.contoso.example'],
    ['address', '203.0.113.10'],
  ])('finds recent probes by their %s, newest first', async (_what, name) => {
    const history = open();
    await history.add(summary({ at: '2026-11-18T09:00:00.000Z' }));
    await history.add(summary({ at: '2026-11-19T09:00:00.000Z', verdict: 'failed' }));
    await history.add(summary({ at: '2026-10-01T09:00:00.000Z' }));
    await history.add(summary({ target: 'fabrikam.example', mx: [], paths: [] }));
    const found = await history.recent([name, 'unheard.example']);
    expect(found.map(({ at }) => at)).toEqual(['2026-11-19T09:00:00.000Z', '2026-11-18T09:00:00.000Z']);
  });

  it('does not take a word of another field for a name', async () => {
    await open().add(summary());
    expect(await open().recent(['ok', 'insecure', 'TLSv1.3', 'v'])).toEqual([]);
  });

  it('does not let a clock that was wrong keep its record the newest', async () => {
    const good = summary();
    await open().add(good);
    await open().add(summary({ at: '2031-01-01T00:00:00.000Z' }));
    expect(await open().lastGood(good.key)).toEqual(good);
  });

  it('skips what it cannot read: torn, hostile, too long, of a later version', async () => {
    const good = summary();
    await open().add(good);
    const torn = JSON.stringify(summary()).slice(0, 120);
    const later = JSON.stringify({ ...summary(), v: 2 });
    const long = JSON.stringify(summary({ target: 'x'.repeat(5000) }));
    await appendFile(
      file(),
      `null\n[]\n{"key":"domain contoso.example"}\n${later}\n${long}\n\u0000\u0001\n{"__proto__":1}\n${torn}`,
    );
    expect(await open().lastGood(good.key)).toEqual(good);
    // What follows a torn line is whole.
    const next = summary({ at: '2026-11-20T09:00:00.000Z' });
    await open().add(next);
    expect(await open().lastGood(good.key)).toEqual(next);
  });

  it('reads any bytes as no record at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const good = summary();
        await writeFile(file(), Buffer.concat([bytes, Buffer.from(`\n${JSON.stringify(good)}\n`), bytes]));
        expect(await open().lastGood(good.key)).toEqual(good);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a record that would not fit one write', async () => {
    await expect(open().add(summary({ target: 'x'.repeat(5000) }))).rejects.toThrow(/too long/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('compaction', () => {
  it('keeps the newest of all and the last good one of each key, and stays under its size', async () => {
    const history = open(20_000);
    const old = summary({ key: 'rare', target: 'rare.example', at: '2025-01-01T00:00:00.000Z' });
    await history.add(old);
    let newest = summary();
    for (let n = 0; n < 120; n += 1) {
      newest = summary({ at: new Date(NOW.getTime() - 200_000 + n * 1000).toISOString() });
      await history.add(newest);
    }
    expect((await stat(file())).size).toBeLessThanOrEqual(21_000);
    expect(await readdir(folder)).toEqual(['probe-history.jsonl']);
    expect(await history.lastGood('rare')).toEqual(old);
    expect(await history.lastGood(newest.key)).toEqual(newest);
  });

  it('forgets what is older than 30 days and was followed by a newer good one', async () => {
    const history = open(6000);
    await history.add(summary({ probeId: 'old', at: '2026-01-01T00:00:00.000Z' }));
    for (let n = 0; n < 24; n += 1) await history.add(summary());
    expect(await readFile(file(), 'utf8')).not.toContain('"old"');
  });

  it('loses no record that is written beside it', async () => {
    const writers = Array.from({ length: 6 }, () => open(30_000));
    // All of them fit into half of the size, so that none is dropped for want of room.
    const records = writers.flatMap((_, writer) =>
      Array.from({ length: 4 }, (__, n) => summary({ key: `key ${writer}-${n}`, probeId: `id ${writer}-${n}` })),
    );
    // Ballast that is forgotten makes every writer compact.
    const ballast = Array.from({ length: 300 }, () => summary({ key: 'ballast', at: '2026-01-01T00:00:00.000Z' }));
    await Promise.all([...ballast, ...records].map((record, index) => writers[index % writers.length]?.add(record)));
    const found = await open().recent(['contoso.example']);
    const kept = new Set(found.map(({ probeId }) => probeId));
    expect(records.filter(({ probeId }) => !kept.has(probeId))).toEqual([]);
  });

  it('writes again when its file was set aside while it wrote', async () => {
    const text = 'x'.repeat(8_000_000);
    const written = appendText(folder, text);
    while (!existsSync(file())) await nextTurn();
    renameSync(file(), path.join(folder, 'probe-history-1-1-0.jsonl'));
    await written;
    expect((await stat(file())).size).toBe(text.length);
  });

  it('takes in what a process that was killed had set aside, and reads it even before', async () => {
    const good = summary();
    await open().add(good);
    const aside = path.join(folder, 'probe-history-99999-1-0.jsonl');
    await rename(file(), aside);
    expect(await open().lastGood(good.key)).toEqual(good);
    // Not yet abandoned: its process may be at work.
    for (let n = 0; n < 24; n += 1) await open(6000).add(summary({ key: 'other' }));
    expect(await readdir(folder)).toContain('probe-history-99999-1-0.jsonl');
    const heir = createProbeHistory({ dataDir: folder, clock, maxBytes: 6000, abandonedMs: 0 });
    for (let n = 0; n < 24; n += 1) await heir.add(summary({ key: 'other' }));
    expect(await readdir(folder)).toEqual(['probe-history.jsonl']);
    expect(await open().lastGood(good.key)).toEqual(good);
  });

  it('leaves other files of the folder alone', async () => {
    await mkdir(path.join(folder, 'answers'));
    await writeFile(path.join(folder, 'probe-history.jsonl.bak'), 'mine');
    const history = open(3000);
    for (let n = 0; n < 12; n += 1) await history.add(summary());
    expect((await readdir(folder)).sort()).toEqual(['answers', 'probe-history.jsonl', 'probe-history.jsonl.bak']);
  });
});
