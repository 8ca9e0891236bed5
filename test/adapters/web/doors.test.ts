import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStubHandler } from './support/stub-handler.ts';
import { compilePage, rawRequest, removeCompiledPage, startWebServer, type WebServer } from './support/web-server.ts';

let server: WebServer;
let token: string;
const handler = createStubHandler();

beforeAll(async () => {
  server = await startWebServer(handler, { scriptDir: compilePage(), maxUploadBytes: 20_000 });
  token = await server.token();
});
afterAll(async () => {
  await server.stop();
  removeCompiledPage();
});

const GETS = [
  '/',
  '/api/setup',
  '/api/messages',
  '/api/events',
  '/api/files/x',
  '/page/main.js',
  '/page/styles/theme.css',
];
const POSTS = ['/api/command', '/api/press', '/api/form', '/api/upload?name=a.csv'];
const command = JSON.stringify({ line: '/help', client: 'c1' });

describe('names', () => {
  test.each(
    GETS.flatMap((path) =>
      ['evil.example', `evil.example:80`, '127.0.0.1.evil.example', '192.0.2.1'].map((host) => [path, host]),
    ),
  )('GET %s under the name %s is refused (DNS rebinding)', async (path, host) => {
    expect((await rawRequest(server, { path: path ?? '', headers: { host: host ?? '' } })).status).toBe(403);
  });
  test.each(['localhost', 'LOCALHOST:3978', '127.0.0.1:1', '[::1]:3978'])('the page answers to %s', async (host) => {
    expect((await rawRequest(server, { path: '/', headers: { host } })).status).toBe(200);
  });
  test.each(POSTS)('POST %s under a foreign name is refused although the token is right', async (path) => {
    const headers = { host: 'evil.example', 'x-mailmedic-token': token, 'content-type': 'application/json' };
    expect((await rawRequest(server, { method: 'POST', path, headers, body: command })).status).toBe(403);
  });
});

describe('other sites', () => {
  const foreign: [string, Record<string, string>][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['cross-site by Fetch Metadata', { 'sec-fetch-site': 'cross-site' }],
    ['same-site by Fetch Metadata', { 'sec-fetch-site': 'same-site' }],
  ];
  test.each(foreign)('%s may neither act nor read', async (_name, headers) => {
    const json = { ...headers, 'x-mailmedic-token': token, 'content-type': 'application/json' };
    expect(
      (await rawRequest(server, { method: 'POST', path: '/api/command', headers: json, body: command })).status,
    ).toBe(403);
    expect((await rawRequest(server, { path: '/api/messages', headers })).status).toBe(403);
  });
});

test('a link from another site may open the page, but not frame it or read it', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  const page = await rawRequest(server, { path: '/', headers });
  expect(page.status).toBe(200);
  expect(page.headers['cross-origin-resource-policy']).toBe('same-origin');
  expect((await rawRequest(server, { path: '/page/main.js', headers })).status).toBe(403);
});

describe('the token', () => {
  test.each(POSTS)('POST %s needs it', async (path) => {
    for (const given of [undefined, '', 'wrong', `${token}x`, token.slice(1)]) {
      const headers = {
        'content-type': 'application/json',
        ...(given === undefined ? {} : { 'x-mailmedic-token': given }),
      };
      expect((await rawRequest(server, { method: 'POST', path, headers, body: command })).status).toBe(403);
    }
    expect(handler.commands).toEqual([]);
  });

  test('is new at every start', async () => {
    const other = await startWebServer(createStubHandler());
    expect(await other.token()).not.toBe(token);
    await other.stop();
  });

  test('with it the same request is taken', async () => {
    const headers = { origin: server.origin, 'x-mailmedic-token': token, 'content-type': 'application/json' };
    const answer = await rawRequest(server, { method: 'POST', path: '/api/command', headers, body: command });
    expect(answer.status).toBe(202);
    expect(handler.commands.map((one) => one.line)).toEqual(['/help']);
  });
});

describe('sizes', () => {
  const post = (path: string, body: string | Buffer, type = 'application/json') =>
    rawRequest(server, { method: 'POST', path, headers: { 'x-mailmedic-token': token, 'content-type': type }, body });

  test('a body over 512 kB is refused with 413', async () => {
    const line = 'x'.repeat(600_000);
    const { status } = await post('/api/command', JSON.stringify({ line, client: 'c' })).catch(brokenOff);
    expect([413, 'broken off']).toContain(status);
  });
  test.each([
    ['a line over 100,000 characters', { line: 'x'.repeat(100_001), client: 'c' }],
    ['nothing to do', { line: '  ', client: 'c' }],
    ['an unknown key', { line: '/help', client: 'c', admin: true }],
    ['eleven files', { line: '/help', client: 'c', files: Array.from({ length: 11 }, () => 'f') }],
    ['a list', []],
    ['a line that is no text', { line: 7, client: 'c' }],
  ])('%s is refused with 400', async (_name, body) => {
    expect((await post('/api/command', JSON.stringify(body))).status).toBe(400);
  });
  test('broken JSON is refused with 400 and no stack', async () => {
    const { status, body } = await post('/api/command', '{"line":');
    expect(status).toBe(400);
    expect(body).not.toContain('node_modules');
  });
  test('an upload that the page breaks off leaves nothing', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const head = ['POST /api/upload?name=a HTTP/1.1', `Host: 127.0.0.1:${server.port}`, `x-mailmedic-token: ${token}`];
    socket.write([...head, 'Content-Length: 9000', '', 'half'].join('\r\n'));
    await expect.poll(keptFiles, { timeout: 5000 }).toHaveLength(1);
    socket.destroy();
    await expect.poll(keptFiles, { timeout: 5000 }).toEqual([]);
  });
  test('an upload over the bound is cut off and leaves nothing', async () => {
    const answer = await post('/api/upload?name=big.csv', Buffer.alloc(400_000), 'application/octet-stream').catch(
      brokenOff,
    );
    expect([413, 'broken off']).toContain(answer.status);
    expect(keptFiles()).toEqual([]);
  });
});

describe('paths', () => {
  test.each([
    '/page/../package.json',
    '/page/%2e%2e/package.json',
    '/page/..%2f..%2f..%2fpackage.json',
    '/page/styles/..%2findex.html',
    '/page/styles/../../web-adapter.ts',
    '/page/%2fetc/passwd',
    '/page/..%5c..%5cpackage.json',
    '/page/.env',
    '/page/main.js%00.css',
    '/api/files/..%2f..%2fpackage.json',
    '/api/files/__proto__',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await rawRequest(server, { path });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body).not.toMatch(/devDependencies|root:|createWebAdapter|<script/);
  });
  test('every answer forbids inline script, frames and requests elsewhere', async () => {
    for (const path of ['/', '/page/main.js', '/api/messages', '/page/none.js']) {
      const { headers } = await rawRequest(server, { path });
      const policy = headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

test('paths of other adapters on the same server are not ours to guard', async () => {
  const answer = await rawRequest(server, { method: 'POST', path: '/api/messages', headers: { host: 'bot.example' } });
  expect(answer.status).toBe(404);
});

function keptFiles(): string[] {
  const entries = readdirSync(server.dataDir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** The server may close before the whole of an oversized body is written; the client then sees a reset. */
function brokenOff(error: NodeJS.ErrnoException): { status: string } {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return { status: 'broken off' };
  throw error;
}
