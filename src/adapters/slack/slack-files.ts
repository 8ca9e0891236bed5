import { Readable } from 'node:stream';
import { z } from 'zod';
import type { IncomingFile } from '../../chat/port.ts';
import { messageOf, PlatformError } from '../../errors.ts';
import type { SlackClient } from './slack-client.ts';
import type { SlackFile } from './slack-payloads.ts';

/** Traces are big, but nobody hands over more than this in a chat. */
export const MAX_DOWNLOAD_BYTES = 100 * 1024 * 1024;

/** The hosts that serve uploads; the bot token is sent to no other (and to the host of a local Slack). */
const FILE_HOSTS = new Set(['files.slack.com', 'slack.com']);

const MAX_REDIRECTS = 3;
const HEADERS_TIMEOUT_MS = 30_000;

const fileInfo = z.object({ file: z.object({ url_private_download: z.string().max(4096) }) });

/** Makes files of payloads into files that a command can open. */
export interface SlackFiles {
  incoming(file: SlackFile): IncomingFile;
}

/** Downloads with the bot token (docs: "Working with files", url_private_download needs `files:read`). */
export function createSlackFiles(options: {
  token: string;
  apiUrl?: string | undefined;
  client: SlackClient;
  maxBytes?: number;
}): SlackFiles {
  const maxBytes = options.maxBytes ?? MAX_DOWNLOAD_BYTES;
  const localOrigin = options.apiUrl === undefined ? undefined : new URL(options.apiUrl).origin;

  function checked(text: string, base?: string): URL {
    const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
    const ours = url?.origin === localOrigin || (url?.protocol === 'https:' && FILE_HOSTS.has(url.host));
    if (url === undefined || !ours || url.username !== '' || url.password !== '') {
      throw new PlatformError(
        'not-allowed',
        'The file is not kept by Slack, so it is not fetched. Upload it to Slack.',
      );
    }
    return url;
  }

  async function urlOf(file: SlackFile): Promise<string> {
    if (file.url_private_download !== undefined) return file.url_private_download;
    // A form and Slack Connect name the file only by its id.
    const info = fileInfo.safeParse(await options.client.call('files.info', { file: file.id }));
    if (info.success) return info.data.file.url_private_download;
    throw new PlatformError('not-found', 'Slack has no download address for the file. Upload it again.');
  }

  async function get(start: string, signal: AbortSignal): Promise<Response> {
    let url = checked(start);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await fetchHeaders(url, options.token, signal);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) return response;
      await response.body?.cancel();
      url = checked(location, url.href);
    }
    throw new PlatformError('unavailable', 'Slack redirects the download again and again. Upload the file once more.');
  }

  async function open(file: SlackFile, signal: AbortSignal): Promise<Readable> {
    if (file.size !== undefined && file.size > maxBytes) throw tooLarge(maxBytes);
    const response = await get(await urlOf(file), signal);
    const refusal = refuseResponse(response, file, maxBytes);
    if (refusal === undefined && response.body !== null) return Readable.from(limited(response.body, maxBytes));
    await response.body?.cancel();
    throw refusal ?? new PlatformError('unavailable', 'Slack sent an empty answer instead of the file. Try again.');
  }

  return {
    incoming: (file) => ({
      name: file.name ?? file.id ?? 'file',
      ...(file.size === undefined ? {} : { size: file.size }),
      open: (signal) => open(file, signal),
    }),
  };
}

async function fetchHeaders(url: URL, token: string, signal: AbortSignal): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('no answer in time')), HEADERS_TIMEOUT_MS);
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
  } catch (error) {
    throw new PlatformError('unavailable', `The download from Slack failed: ${messageOf(error)}. Try again.`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

function refuseResponse(response: Response, file: SlackFile, maxBytes: number): PlatformError | undefined {
  if (response.status === 429) {
    const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
    const wait = Number.isNaN(seconds) ? {} : { retryAfterMs: seconds * 1000 };
    return new PlatformError('rate-limited', 'Slack asks to wait before the download.', wait);
  }
  if (!response.ok) {
    const kind = response.status === 404 ? 'not-found' : response.status >= 500 ? 'unavailable' : 'not-allowed';
    return new PlatformError(kind, `Slack answered HTTP ${response.status} instead of the file. Upload it again.`);
  }
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) return tooLarge(maxBytes);
  // Without the scope or membership Slack answers 200 with its sign-in page.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (isPage && file.mimetype !== 'text/html') {
    return new PlatformError(
      'not-allowed',
      'Slack gave its sign-in page instead of the file. Give the app the scope files:read and invite it to the channel.',
    );
  }
  return undefined;
}

function tooLarge(maxBytes: number): PlatformError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024);
  return new PlatformError(
    'too-large',
    `The file is over ${megabytes} MB. Cut it, or parse it with the terminal command.`,
  );
}

/** Passes the bytes on and stops at the limit; leaving early cancels the download. */
async function* limited(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of Readable.fromWeb(body)) {
    const bytes: Uint8Array = chunk;
    total += bytes.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    yield bytes;
  }
}
