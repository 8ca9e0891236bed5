import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(health: Record<string, string>): Promise<string> {
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    health: () => health,
    renderRunbook: (errorType) => `# ${errorType}\n\n1. First step`,
  });
  open.push(server);
  return server.listen();
}

describe('the HTTP server', () => {
  it('says that it is well, with its version', async () => {
    const response = await fetch(`${await start({ slack: 'ok' })}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      parts: { slack: 'ok' },
      version: expect.stringMatching(/^\d/),
    });
  });

  it('answers 503 when a part is not well', async () => {
    const response = await fetch(`${await start({ slack: 'ok', teams: 'token refused' })}/healthz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'degraded', parts: { teams: 'token refused' } });
  });

  it('tells nobody where it lies on the disk, whatever is asked', async () => {
    const response = await fetch(`${await start({})}/runbooks/%ff`);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/node_modules|\.js:|\.ts:/);
  });

  it('serves runbooks as pages, in any case, and nothing else under that path', async () => {
    const base = await start({});
    const page = await fetch(`${base}/runbooks/unabletoconnect`);
    expect(await page.text()).toContain('<h1>UnableToConnect</h1>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${base}/runbooks/%3Cscript%3E`)).status).toBe(404);
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
  });

  it('names the port that is taken and the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const server = createHttpServer({ host: '127.0.0.1', port, health: () => ({}), renderRunbook: () => '' });
    await expect(server.listen()).rejects.toThrow(new RegExp(`Port ${port}.*taken.*MAILMEDIC_HTTP_PORT`));
    other.close();
  });
});
