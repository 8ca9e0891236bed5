import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLowdbStore } from '../../src/store/lowdb/lowdb-store.ts';
import type { Run } from '../../src/store/store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(id: string, state: Run['state'] = 'running'): Run {
  return {
    id,
    line: '/probe contoso.com',
    command: 'probe',
    userId: 'U1',
    userName: 'Ann',
    place: { platform: 'web', channelId: 'C1' },
    message: null,
    revision: 0,
    state,
    startedAt: '2026-11-20T12:00:00.000Z',
    endedAt: null,
  };
}

describe('lowdb store', () => {
  it('gives back what was put, also after it was opened again', async () => {
    const store = await openLowdbStore(folder);
    await store.putRun(run('a'));
    await store.putRun(run('b', 'done'));
    await store.putAnswer('a', { kind: 'probe' });
    await store.close();
    const again = await openLowdbStore(folder);
    expect(await again.unfinishedRuns()).toEqual([run('a')]);
    expect(await again.getRun('b')).toEqual(run('b', 'done'));
    expect(await again.getAnswer('a')).toEqual({ kind: 'probe' });
    expect(await again.getAnswer('../../etc/passwd')).toBeUndefined();
    await again.close();
  });

  it('refuses a second process and names the first', async () => {
    const store = await openLowdbStore(folder);
    await expect(openLowdbStore(folder)).rejects.toThrow(/in use by process \d+.*MAILMEDIC_DATA_DIR/);
    await store.close();
    await (await openLowdbStore(folder)).close();
  });

  it('takes over the lock of a process that died', async () => {
    await (await openLowdbStore(folder)).close();
    await writeFile(path.join(folder, 'mailmedic.json.lock'), '999999999');
    await (await openLowdbStore(folder)).close();
  });

  it.each([
    ['truncated', '{"version":1,"runs":[{'],
    ['empty', ''],
    ['of another shape', '{"version":9}'],
  ])('falls back to the previous generation when the file is %s', async (_name, text) => {
    const store = await openLowdbStore(folder);
    await store.putRun(run('a'));
    await store.putRun(run('b'));
    await store.close();
    await writeFile(path.join(folder, 'mailmedic.json'), text);
    const again = await openLowdbStore(folder);
    expect(await again.getRun('a')).toEqual(run('a'));
    await again.close();
    expect((await readdir(folder)).some((name) => name.includes('.corrupt-'))).toBe(true);
  });

  it('merges writes that wait and keeps the last', async () => {
    const store = await openLowdbStore(folder);
    await Promise.all(Array.from({ length: 200 }, (_, n) => store.putRun(run(`r${n}`))));
    await store.close();
    const kept = JSON.parse(await readFile(path.join(folder, 'mailmedic.json'), 'utf8'));
    expect(kept.runs).toHaveLength(200);
  });

  it('forgets ended runs beyond the newest 500 and never a running one', async () => {
    const store = await openLowdbStore(folder);
    await store.putRun(run('open'));
    await Promise.all(Array.from({ length: 520 }, (_, n) => store.putRun(run(`r${n}`, 'done'))));
    expect(await store.getRun('r0')).toBeUndefined();
    expect(await store.getRun('r519')).toBeDefined();
    expect(await store.getRun('open')).toBeDefined();
    await store.close();
  });

  it('sweeps old answers only', async () => {
    const store = await openLowdbStore(folder);
    await store.putAnswer('old', 1);
    await store.putAnswer('new', 2);
    const long = new Date('2026-01-01');
    await utimes(path.join(folder, 'answers', 'old.json'), long, long);
    expect(await store.sweepAnswers(new Date('2026-06-01'))).toBe(1);
    expect(await store.getAnswer('old')).toBeUndefined();
    expect(await store.getAnswer('new')).toBe(2);
    await store.close();
  });

  it('loses nothing that was confirmed when the process is killed', async () => {
    const child = fork(path.join(import.meta.dirname, '../support/store-writer.mjs'), [folder], { silent: true });
    const confirmed: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message) => {
        const said = message as { confirmed?: string; error?: string };
        if (said.error !== undefined) reject(new Error(said.error));
        if (said.confirmed === undefined) return;
        confirmed.push(said.confirmed);
        if (confirmed.length === 40) child.kill('SIGKILL');
      });
      child.on('exit', () => resolve());
    });
    const store = await openLowdbStore(folder);
    for (const id of confirmed) expect(await store.getRun(id)).toBeDefined();
    expect(confirmed.length).toBeGreaterThanOrEqual(40);
    await store.close();
  });
});
