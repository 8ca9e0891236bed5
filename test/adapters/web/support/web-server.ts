import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { createWebAdapter, type WebAdapter } from '../../../../src/adapters/web/web-adapter.ts';
import type { ChatHandler } from '../../../../src/chat/port.ts';
import { silentLogger } from '../../../../src/log.ts';
import { packageRoot } from '../../../../src/package-info.ts';

/** A browser channel on a free port of this machine. */
export interface WebServer {
  origin: string;
  port: number;
  dataDir: string;
  adapter: WebAdapter;
  /** The token that the page carries. */
  token(): Promise<string>;
  stop(): Promise<void>;
}

export const COMMANDS = [
  {
    name: 'probe',
    summary: 'Walks an SMTP delivery and says where it breaks',
    usage: '<domain | host[:port]> [--depth …]',
    examples: ['/probe contoso.example', '/probe kim@fabrikam.com --depth rcpt'],
    options: {
      depth: { kind: 'choice', choices: ['connect', 'tls', 'rcpt', 'submit'], help: 'How far to go' },
      tlsMode: { kind: 'choice', choices: ['require', 'off'], help: 'What TLS must do' },
      all: { kind: 'flag', help: 'Every address of every host' },
    },
  },
  {
    name: 'diagnose',
    summary: 'Explains a bounce, an SMTP reply or a queue error',
    usage: '[TEXT]',
    examples: ['/diagnose 451 4.7.0 Temporary server error. Please try again later. PRX2'],
    takesFiles: true,
  },
  {
    name: 'trace-parse',
    summary: 'Reads message traces and finds what the troubled ones share',
    usage: 'FILE...',
    examples: ['/trace-parse'],
    takesFiles: true,
  },
  { name: 'peer', summary: 'Who is this server, and who lists it', usage: '<ip>', examples: ['/peer 203.0.113.10'] },
  { name: 'help', summary: 'What mailmedic can do', usage: '', examples: ['/help'] },
];

export const NAMES = [
  { name: 'contoso.example', what: 'certificate expired 3 days ago' },
  { name: 'fabrikam.example', what: 'healthy, two hosts' },
  { name: 'tailspintoys.example', what: 'refuses connections' },
];

/** Starts the channel; a test that loads the page's scripts gives the folder of {@link compilePage}. */
export async function startWebServer(
  handler: ChatHandler,
  options: { scriptDir?: string; maxUploadBytes?: number; port?: number } = {},
): Promise<WebServer> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'mailmedic-web-'));
  const app = express();
  const adapter = createWebAdapter({
    handler,
    logger: silentLogger(),
    commands: COMMANDS,
    names: NAMES,
    app,
    dataDir,
    scriptDir: options.scriptDir ?? scriptlessPage(dataDir),
    ...(options.maxUploadBytes === undefined ? {} : { maxUploadBytes: options.maxUploadBytes }),
  });
  try {
    await adapter.start();
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    port,
    dataDir,
    adapter,
    async token() {
      const html = await (await fetch(origin)).text();
      return /name="mailmedic-token" content="([\w-]{20,})"/.exec(html)?.[1] ?? '';
    },
    async stop() {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Enough of a built page for tests in which no browser comes. */
function scriptlessPage(dataDir: string): string {
  writeFileSync(path.join(dataDir, 'main.js'), '');
  return dataDir;
}

let compiled: string | undefined;

/** Compiles the page into a temp folder, once a test file (see {@link removeCompiledPage}): what is tested is the source, not an old build. */
export function compilePage(): string {
  if (compiled !== undefined) return compiled;
  const outDir = mkdtempSync(path.join(tmpdir(), 'mailmedic-page-'));
  const tsc = path.join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = path.join(packageRoot, 'src', 'adapters', 'web', 'page', 'tsconfig.json');
  const run = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', outDir], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the page does not compile:\n${run.stdout}${run.stderr}`);
  compiled = outDir;
  return outDir;
}

/** Removes what {@link compilePage} made; for `afterAll`. */
export function removeCompiledPage(): void {
  if (compiled !== undefined) rmSync(compiled, { recursive: true, force: true });
  compiled = undefined;
}

/** A request with exactly these headers: fetch sets Host and Origin itself. */
export function rawRequest(
  server: WebServer,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path: target, headers = {}, body } = options;
    const sent = request({ host: '127.0.0.1', port: server.port, method, path: target, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Posts JSON as the page does. */
export async function postAsPage(server: WebServer, target: string, body: unknown): Promise<Response> {
  return fetch(server.origin + target, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-mailmedic-token': await server.token() },
    body: JSON.stringify(body),
  });
}
