import { Readable } from 'node:stream';
import { z } from 'zod';
import type { IncomingFile } from '../../chat/port.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { TeamsActivity, TeamsAttachment } from './activity.ts';
import { allowedUrl } from './allowed-url.ts';
import type { FileDoor } from './file-hosts.ts';

/** A file in a personal chat (Teams: "Send and receive files through a bot"). */
const DOWNLOAD_INFO = 'application/vnd.microsoft.teams.file.download.info';
const downloadInfo = z.object({ downloadUrl: z.string().min(1).max(4096) });

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 120_000;
const MAX_FILES = 20;

/** The files of a message, each opened only when it is wanted; the links are good for a few minutes. */
export function incomingFiles(activity: TeamsActivity, door: FileDoor): IncomingFile[] {
  return activity.attachments.flatMap((attachment) => toFile(attachment, door)).slice(0, MAX_FILES);
}

/**
 * True when a group message points at a file that bots are not given: it shows only as a placeholder in the message's
 * HTML. A quoted message uses the same placeholder and is told apart by its schema name.
 */
export function hasUnreachableFile(activity: TeamsActivity): boolean {
  return activity.attachments.some(
    ({ contentType, content }) =>
      contentType === 'reference' ||
      (contentType === 'text/html' &&
        typeof content === 'string' &&
        content.includes('<attachment id=') &&
        !content.includes('schema.skype.com/Reply')),
  );
}

function toFile(attachment: TeamsAttachment, door: FileDoor): IncomingFile[] {
  if (attachment.contentType !== DOWNLOAD_INFO) return [];
  const info = downloadInfo.safeParse(attachment.content);
  const name = attachment.name === undefined || attachment.name === '' ? 'file' : attachment.name;
  if (!info.success) return [];
  return [{ name, open: (signal) => download(info.data.downloadUrl, name, door, signal) }];
}

async function download(link: string, name: string, door: FileDoor, signal: AbortSignal): Promise<Readable> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  let target = link;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const url = allowedUrl(target, door.hosts);
    if (url === undefined)
      throw new UserError(`${name} does not lie where Teams keeps files, so I did not fetch it. ${again}`);
    // The link itself is the permission: no token of ours goes along.
    const response = await request(url, name, deadline, signal);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null && URL.canParse(location, url.href)) {
      await response.body?.cancel();
      target = new URL(location, url).href;
      continue;
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new UserError(`${name} could not be fetched from Teams (HTTP ${response.status}). ${again}`);
    }
    if (Number(response.headers.get('content-length') ?? 0) > door.maxBytes) {
      await response.body.cancel();
      throw tooLarge(name, door);
    }
    return Readable.from(limited(response.body, name, door, signal), { objectMode: false });
  }
  throw new UserError(`${name} could not be fetched: Teams sent me from address to address. ${again}`);
}

const again = 'Links to files end after a few minutes: send the file again.';

async function request(url: URL, name: string, deadline: AbortSignal, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: deadline });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new UserError(`${name} could not be fetched from Teams: ${messageOf(error)}. ${again}`, { cause: error });
  }
}

/** The bytes up to the limit. A body that breaks off is told like any other trouble with the file. */
async function* limited(
  body: AsyncIterable<Uint8Array>,
  name: string,
  door: FileDoor,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > door.maxBytes) throw tooLarge(name, door);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UserError || signal.aborted) throw error;
    throw new UserError(`${name} broke off after ${size} bytes. ${again}`, { cause: error });
  }
}

function tooLarge(name: string, door: FileDoor): UserError {
  const megabytes = Math.round(door.maxBytes / 1024 / 1024);
  return new UserError(
    `${name} is larger than ${megabytes} MB. Send a smaller part, or run mailmedic where the file is.`,
  );
}
