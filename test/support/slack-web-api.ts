import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseForm } from 'node:querystring';
import { createSlackSockets, type SlackSockets } from './slack-sockets.ts';

/** The tokens that the loopback Slack knows. */
export const BOT_TOKEN = 'xoxb-loopback';
export const APP_TOKEN = 'xapp-loopback';
export const BOT_USER_ID = 'UBOT';

/** One call of a Web API method, its JSON fields parsed. */
export interface ApiCall {
  method: string;
  args: Record<string, unknown>;
  /** What Slack answered; undefined where it did not answer the call itself (429, a dropped connection). */
  result?: Record<string, unknown>;
  /** When it came, by performance.now(). */
  at: number;
}

/** What the next call of a method gets instead of success. */
export type Failure = { error: string } | { status: number; retryAfter?: number } | 'drop';

/** A Slack that runs on the loopback interface: it checks tokens and required arguments and remembers every call. */
export interface SlackWebApi {
  /** For MAILMEDIC_SLACK_API_URL. */
  apiUrl: string;
  calls: ApiCall[];
  callsOf(method: string): ApiCall[];
  /** Resolves with the calls of a method once there are `count`. */
  waitFor(method: string, count?: number): Promise<ApiCall[]>;
  failNext(method: string, ...failures: Failure[]): void;
  /** The same for calls that concern one channel. */
  failNextIn(channel: string, method: string, ...failures: Failure[]): void;
  /** Serves a file to holders of the bot token and returns its download address. */
  addFile(file: ServedFile): string;
  /** Contents of finished uploads, by file id. */
  uploads: Map<string, string>;
  sockets: SlackSockets;
  close(): Promise<void>;
}

export interface ServedFile {
  id: string;
  name: string;
  content: string | Buffer;
  contentType?: string;
  /** Answers with a redirect to this address instead. */
  location?: string;
}

type Method = (args: Record<string, unknown>) => Record<string, unknown>;

const JSON_FIELDS = new Set(['blocks', 'view', 'files', 'attachments']);

/** Starts the loopback Slack on a port of its own. */
export async function startSlackWebApi(): Promise<SlackWebApi> {
  const calls: ApiCall[] = [];
  const failures = new Map<string, Failure[]>();
  const files = new Map<string, ServedFile>();
  const uploads = new Map<string, string>();
  const waiting = new Set<() => void>();
  const sockets = createSlackSockets();
  const messages = new Map<string, string>();
  const ephemerals = new Set<unknown>();
  let counter = 0;

  const methods: Record<string, Method> = {
    'auth.test': () => ({ user_id: BOT_USER_ID, bot_id: 'BBOT', team: 'Contoso', team_id: 'T1' }),
    'apps.connections.open': () => ({ url: sockets.address(origin().replace('http', 'ws')) }),
    'chat.postMessage': (args) => {
      const refusal = refuseMessage(args) ?? refuseThread(args);
      if (refusal !== undefined) return { error: refusal };
      const channel = String(args.channel).replace(/^U/, 'D');
      const ts = nextTs();
      messages.set(`${channel} ${ts}`, String(args.text));
      return { channel, ts };
    },
    'chat.update': (args) => {
      const known = messages.has(`${String(args.channel)} ${String(args.ts)}`);
      return known ? { channel: args.channel, ts: args.ts } : { error: refuseMessage(args) ?? 'message_not_found' };
    },
    'chat.postEphemeral': (args) => {
      const refusal = typeof args.user === 'string' ? (refuseMessage(args) ?? refuseThread(args)) : 'invalid_arguments';
      if (refusal !== undefined) return { error: refusal };
      const ts = nextTs();
      ephemerals.add(ts);
      return { message_ts: ts };
    },
    'views.open': ({ trigger_id, view }) =>
      typeof trigger_id === 'string' && typeof view === 'object'
        ? { view: { id: 'V1' } }
        : { error: 'invalid_arguments' },
    'users.info': ({ user }) =>
      user === 'U404'
        ? { error: 'user_not_found' }
        : { user: { name: 'kim', profile: { display_name: `Kim ${user}` } } },
    'files.info': ({ file }) => {
      const found = files.get(String(file));
      return found === undefined ? { error: 'file_not_found' } : { file: { url_private_download: urlOf(found) } };
    },
    'files.getUploadURLExternal': ({ filename, length }) => {
      if (typeof filename !== 'string' || Number(length) < 1) return { error: 'invalid_arguments' };
      counter += 1;
      return { upload_url: `${origin()}/upload/F${counter}`, file_id: `F${counter}` };
    },
    'files.completeUploadExternal': ({ files: done }) => ({ files: done }),
  };

  /** An ephemeral message has no thread: Slack would show an answer in it to nobody. */
  function refuseThread(args: Record<string, unknown>): string | undefined {
    return ephemerals.has(args.thread_ts) ? 'thread_not_found' : undefined;
  }

  function nextTs(): string {
    counter += 1;
    return `1700000000.${String(counter).padStart(6, '0')}`;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://slack').pathname;
    const bearer = request.headers.authorization?.replace('Bearer ', '');
    if (path.startsWith('/files-pri/')) return serveFile(response, files.get(path.split('/')[2] ?? ''), bearer);
    const body = await readAll(request);
    if (path.startsWith('/upload/')) {
      uploads.set(path.split('/')[2] ?? '', contentOfUpload(body));
      return void response.end('OK');
    }
    const method = path.replace('/api/', '');
    const call: ApiCall = { method, args: readArgs(body.toString('utf8')), at: performance.now() };
    calls.push(call);
    const failure = (failures.get(`${method} ${call.args.channel}`) ?? failures.get(method))?.shift();
    if (failure !== undefined) fail(response, failure);
    else {
      call.result = runMethod(call, bearer);
      sendJson(response, call.result);
    }
    for (const check of waiting) check();
  }

  function runMethod({ method, args }: ApiCall, bearer: string | undefined): Record<string, unknown> {
    const run = methods[method];
    if (run === undefined) return { ok: false, error: 'unknown_method' };
    const token = method === 'apps.connections.open' ? APP_TOKEN : BOT_TOKEN;
    if (bearer !== token) return { ok: false, error: bearer === undefined ? 'not_authed' : 'invalid_auth' };
    const result = run(args);
    return { ok: result.error === undefined, ...result };
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', sockets.upgrade);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urlOf = (file: ServedFile): string =>
    `${origin()}/files-pri/${file.id}/download/${encodeURIComponent(file.name)}`;
  const callsOf = (method: string): ApiCall[] => calls.filter((call) => call.method === method);

  function failNext(key: string, ...list: Failure[]): void {
    failures.set(key, [...(failures.get(key) ?? []), ...list]);
  }

  return {
    apiUrl: `${origin()}/api/`,
    calls,
    callsOf,
    uploads,
    sockets,
    waitFor: (method, count = 1) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`${method}: ${callsOf(method).length} of ${count} calls came`));
        }, 5_000);
        const check = (): void => {
          const found = callsOf(method);
          if (found.length < count) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    failNext,
    failNextIn: (channel, method, ...list) => failNext(`${method} ${channel}`, ...list),
    addFile(file) {
      files.set(file.id, file);
      return urlOf(file);
    },
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Slack's own words for messages that it does not take; channels called CLOSED… do not have the bot in them. */
function refuseMessage(args: Record<string, unknown>): string | undefined {
  if (typeof args.channel !== 'string') return 'invalid_arguments';
  if (args.channel.startsWith('CCLOSED')) return 'not_in_channel';
  const blocks = Array.isArray(args.blocks) ? args.blocks : [];
  if (blocks.length > 50) return 'invalid_blocks';
  return blocks.length === 0 && !args.text ? 'no_text' : undefined;
}

function readArgs(body: string): Record<string, unknown> {
  const args: Record<string, unknown> = { ...parseForm(body) };
  for (const [key, value] of Object.entries(args)) {
    if (JSON_FIELDS.has(key) && typeof value === 'string') args[key] = JSON.parse(value);
  }
  return args;
}

function fail(response: ServerResponse, failure: Failure): void {
  if (failure === 'drop') response.destroy();
  else if ('error' in failure) sendJson(response, { ok: false, error: failure.error });
  else {
    const wait = failure.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) };
    response.writeHead(failure.status, wait).end('no');
  }
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Like Slack: without a good token the answer is 200 and a page to sign in. */
function serveFile(response: ServerResponse, file: ServedFile | undefined, bearer: string | undefined): void {
  if (file === undefined) return void response.writeHead(404).end();
  if (bearer !== BOT_TOKEN) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in');
  if (file.location !== undefined) return void response.writeHead(302, { location: file.location }).end();
  response.writeHead(200, { 'content-type': file.contentType ?? 'application/octet-stream' }).end(file.content);
}

/** The one part of a multipart body. */
function contentOfUpload(body: Buffer): string {
  const text = body.toString('utf8');
  const start = text.indexOf('\r\n\r\n');
  return start < 0 ? text : text.slice(start + 4, text.lastIndexOf('\r\n--'));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
