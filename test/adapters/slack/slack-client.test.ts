import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackClient, type SlackClient } from '../../../src/adapters/slack/slack-client.ts';
import { silentLogger } from '../../../src/log.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

const clientOf = (apiUrl: string): SlackClient =>
  createSlackClient({ token: 'xoxb-secret', apiUrl, logger: silentLogger() });

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

describe('a Web API that is not Slack', () => {
  it('redirects: the token goes nowhere else', async () => {
    let asked = 0;
    const other = await serve((_, response) => {
      asked += 1;
      response.end('{"ok":true}');
    });
    const api = await serve((_, response) => response.writeHead(307, { location: other }).end());
    await expect(clientOf(api).call('auth.test', {})).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toBe(0);
  });

  it('answers without end', async () => {
    const api = await serve((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(512 * 1024, 0x20)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await expect(clientOf(api).call('auth.test', {})).rejects.toThrow(/too long/);
  });

  it('breaks off in the middle', async () => {
    const api = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"ok":');
      setTimeout(() => response.destroy(), 10);
    });
    await expect(clientOf(api).call('auth.test', {})).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['a page', 200, '<html>maintenance</html>', 'invalid'],
    ['nothing', 200, '', 'invalid'],
    ['a 429 without a time', 429, '', 'unavailable'],
    ['a 502', 502, '<html>', 'unavailable'],
    ['a 403', 403, 'no', 'not-allowed'],
    ['a 413', 413, 'no', 'too-large'],
  ])('answers with %s', async (_, status, body, kind) => {
    const api = await serve((_request, response) => void response.writeHead(status).end(body));
    const failed: unknown = await clientOf(api)
      .call('chat.postMessage', {})
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'PlatformError', kind });
    expect(String(failed).length).toBeLessThan(600);
  });

  it('is asked at its own base, whatever the method is called', async () => {
    const paths: (string | undefined)[] = [];
    const api = await serve((request, response) => {
      paths.push(request.url);
      response.end('{"ok":true}');
    });
    await clientOf(api.replace(/\/$/, '')).call('http://evil.example/x', {});
    expect(paths).toEqual(['/api/http://evil.example/x']);
  });
});
