import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { EXCHANGE_ONLINE_RANGES } from '../../src/peer/data/exchange-online-ranges.ts';
import { createRangesFile } from '../../src/peer/ranges-file.ts';
import { readEndpoints, refreshRanges } from '../../src/peer/refresh-ranges.ts';

let dataDir: string;
const cleanups: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'mailmedic-ranges-'));
});
afterEach(async () => {
  await Promise.all([...cleanups.splice(0).map((cleanup) => cleanup()), rm(dataDir, { recursive: true })]);
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/endpoints/worldwide`;
}

const clock = { now: () => new Date('2026-12-01T08:00:00Z'), elapsed: () => 0 };

function refresh(url: string) {
  const store = createRangesFile(dataDir);
  return refreshRanges({ store, clock, url, signal: new AbortController().signal });
}

const endpoints = (ips: unknown) => [
  { id: 1, serviceArea: 'Exchange', ips: ['13.107.6.152/31'], urls: ['outlook.office.com'], tcpPorts: '80,443' },
  { id: 9, serviceArea: 'Exchange', ips: ['52.238.78.88/32'] },
  { id: 10, serviceArea: 'Exchange', ips, tcpPorts: '25', category: 'Allow', required: true },
  { id: 12, serviceArea: 'Skype', urls: ['teams.microsoft.com'] },
];

describe('refreshRanges', () => {
  test('keeps the mail ranges with their day, and the next look-up uses them', async () => {
    let asked = '';
    const url = await serve((request, response) => {
      asked = request.url ?? '';
      response.end(JSON.stringify(endpoints(['40.92.0.0/15', '2a01:111:f400::/48', '52.100.0.0/15'])));
    });
    const { ranges, added, removed } = await refresh(url);
    expect(asked).toMatch(/^\/endpoints\/worldwide\?clientrequestid=[0-9a-f-]{36}$/);
    expect(ranges).toMatchObject({
      date: '2026-12-01',
      source: url,
      ranges: ['52.238.78.88/32', '40.92.0.0/15', '2a01:111:f400::/48', '52.100.0.0/15'],
    });
    expect(added).toEqual(['52.100.0.0/15']);
    expect(removed).toContain('104.47.0.0/17');
    expect(await createRangesFile(dataDir).load()).toEqual(ranges);
    expect(await readdir(dataDir)).toEqual(['exchange-online-ranges.json']);
  });

  const failures: [name: string, listener: RequestListener, words: RegExp][] = [
    ['an HTTP error', (_, response) => void response.writeHead(503).end('busy'), /HTTP 503/],
    ['no JSON', (_, response) => void response.end('<html>'), /not JSON/],
    ['another shape', (_, response) => void response.end('{"ips": []}'), /another shape/],
    ['no mail ranges', (_, response) => void response.end('[]'), /no mail ranges/],
    [
      'a range that is everybody',
      (_, response) => void response.end(JSON.stringify(endpoints(['0.0.0.0/0']))),
      /no plausible range/,
    ],
    [
      'half of the internet',
      (_, response) => void response.end(JSON.stringify(endpoints(['32.0.0.0/3']))),
      /no plausible range/,
    ],
    [
      'a private range',
      (_, response) => void response.end(JSON.stringify(endpoints(['10.0.0.0/8']))),
      /no plausible range/,
    ],
    [
      'words for a range',
      (_, response) => void response.end(JSON.stringify(endpoints(['<!channel>']))),
      /no plausible range/,
    ],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /redirect/,
    ],
    ['too much', (_, response) => void response.end(' '.repeat(5_000_000)), /longer than 4 MB/],
    [
      'an end in the middle',
      (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('['),
      /./,
    ],
  ];
  test.each(failures)('%s changes nothing', async (name, listener, words) => {
    const url = await serve((request, response) => {
      listener(request, response);
      if (name === 'an end in the middle') setTimeout(() => response.destroy(), 20);
    });
    const failure = await refresh(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(String(failure)).toMatch(words);
    expect(String(failure)).toContain(`The ranges of ${EXCHANGE_ONLINE_RANGES.date} stay in use.`);
    expect(await readdir(dataDir)).toEqual([]);
  });

  test('nobody there', async () => {
    await expect(refresh('http://127.0.0.1:1/')).rejects.toThrow(
      /cannot be fetched from 127\.0\.0\.1:1: .*stay in use/,
    );
  });

  test('an abort is an abort', async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 30);
    const store = createRangesFile(dataDir);
    await expect(refreshRanges({ store, clock, url, signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('createRangesFile', () => {
  const file = () => path.join(dataDir, 'exchange-online-ranges.json');

  test.each([
    '',
    '{',
    '[]',
    '{"date":"2027-01-01","source":"x","ranges":["<script>"]}',
    '{"date":"x","source":"y","ranges":[]}',
  ])('a file with %j counts as none', async (text) => {
    await writeFile(file(), text);
    expect(await createRangesFile(dataDir).load()).toEqual(EXCHANGE_ONLINE_RANGES);
  });

  test('stored ranges that are older than the shipped ones are not used', async () => {
    const store = createRangesFile(dataDir);
    await store.save({ date: '2020-01-01', source: 'x', ranges: ['192.0.2.0/24'] });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ date: '2020-01-01' });
    expect(await store.load()).toEqual(EXCHANGE_ONLINE_RANGES);
  });

  test('a folder that is a file does no harm', async () => {
    await writeFile(path.join(dataDir, 'x'), '');
    expect(await createRangesFile(path.join(dataDir, 'x')).load()).toEqual(EXCHANGE_ONLINE_RANGES);
  });
});

test('readEndpoints gives ranges or an Error, whatever it reads', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        expect(readEndpoints(text).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(String(error)).toMatch(/its answer|it gives/);
      }
    }),
  );
});
