import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlackClient } from '../../../src/adapters/slack/slack-client.ts';
import { createSlackFiles, type SlackFiles } from '../../../src/adapters/slack/slack-files.ts';
import { silentLogger } from '../../../src/log.ts';
import { BOT_TOKEN, type SlackWebApi, startSlackWebApi } from '../../support/slack-web-api.ts';

const never = new AbortController().signal;
let api: SlackWebApi;

function filesWith(token: string, maxBytes = 1000): SlackFiles {
  const client = createSlackClient({ token, apiUrl: api.apiUrl, logger: silentLogger() });
  return createSlackFiles({ token, apiUrl: api.apiUrl, client, maxBytes });
}

const fetchText = async (files: SlackFiles, url: string, size?: number): Promise<string> => {
  const file = { id: 'F1', name: 'a.csv', url_private_download: url, ...(size === undefined ? {} : { size }) };
  return text(await files.incoming(file).open(never));
};

beforeAll(async () => {
  api = await startSlackWebApi();
});
afterAll(() => api.close());

describe('downloads', () => {
  it('bring the bytes, with the bot token', async () => {
    const url = api.addFile({ id: 'F1', name: 'a.csv', content: 'a;b\u00fc\n' });
    expect(await fetchText(filesWith(BOT_TOKEN), url)).toBe('a;b\u00fc\n');
  });

  it('find the address by the id when the payload has none', async () => {
    api.addFile({ id: 'F2', name: 'b.csv', content: 'b' });
    expect(await text(await filesWith(BOT_TOKEN).incoming({ id: 'F2' }).open(never))).toBe('b');
    await expect(filesWith(BOT_TOKEN).incoming({ id: 'F404' }).open(never)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('name the missing scope when Slack gives its sign-in page', async () => {
    const url = api.addFile({ id: 'F3', name: 'c.csv', content: 'c' });
    await expect(fetchText(filesWith('xoxb-other'), url)).rejects.toMatchObject({
      kind: 'not-allowed',
      message: expect.stringContaining('files:read'),
    });
  });

  it('stop at the size limit, announced or not', async () => {
    const url = api.addFile({ id: 'F4', name: 'd.csv', content: 'x'.repeat(1001) });
    await expect(fetchText(filesWith(BOT_TOKEN), url)).rejects.toMatchObject({ kind: 'too-large' });
    await expect(fetchText(filesWith(BOT_TOKEN), url, 5000)).rejects.toMatchObject({ kind: 'too-large' });
    const exact = api.addFile({ id: 'F5', name: 'e.csv', content: 'x'.repeat(1000) });
    expect(await fetchText(filesWith(BOT_TOKEN), exact)).toHaveLength(1000);
  });

  it('stop at the size limit of a body without a length', async () => {
    const server = createServer((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(600)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createSlackClient({ token: BOT_TOKEN, apiUrl: base, logger: silentLogger() });
    const files = createSlackFiles({ token: BOT_TOKEN, apiUrl: `${base}/api/`, client, maxBytes: 1000 });
    await expect(fetchText(files, `${base}/endless`)).rejects.toMatchObject({ kind: 'too-large' });
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('never carry the token to another host, not even by a redirect', async () => {
    let asked = 0;
    const other = createServer((_, response) => {
      asked += 1;
      response.end('stolen');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const evil = `http://127.0.0.1:${(other.address() as AddressInfo).port}/x`;
    const redirect = api.addFile({ id: 'F6', name: 'f.csv', content: '', location: evil });
    for (const url of [evil, redirect]) {
      await expect(fetchText(filesWith(BOT_TOKEN), url)).rejects.toMatchObject({ kind: 'not-allowed' });
    }
    expect(asked).toBe(0);
    await new Promise<void>((resolve) => other.close(() => resolve()));
  });

  it('follow a redirect on the same host, but not in circles', async () => {
    const target = api.addFile({ id: 'F7', name: 'g.csv', content: 'there' });
    const once = api.addFile({ id: 'F8', name: 'h.csv', content: '', location: new URL(target).pathname });
    expect(await fetchText(filesWith(BOT_TOKEN), once)).toBe('there');
    const loop = api.addFile({ id: 'F9', name: 'i.csv', content: '', location: 'download/i.csv' });
    await expect(fetchText(filesWith(BOT_TOKEN), loop)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    'https://files.slack.com.evil.example/f',
    'https://evil.example/files.slack.com',
    'http://files.slack.com/f',
    'https://kim@files.slack.com/f',
    'https://files.slack.com:8443/f',
    'file:///etc/passwd',
    'javascript:1',
    '',
  ])('refuse %j', async (url) => {
    await expect(fetchText(filesWith(BOT_TOKEN), url)).rejects.toMatchObject({ kind: 'not-allowed' });
  });

  it('end with the signal', async () => {
    const url = api.addFile({ id: 'F10', name: 'j.csv', content: 'x' });
    const signal = AbortSignal.abort(new Error('cancelled'));
    const file = filesWith(BOT_TOKEN).incoming({ id: 'F10', name: 'j.csv', url_private_download: url });
    await expect(file.open(signal)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
