import { createHash } from 'node:crypto';
import type { CardFile } from '../../../cards/card.ts';
import { createSeen } from '../../chat/seen.ts';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { SlackClient } from './slack-client.ts';
import { escapeEntities } from './slack-text.ts';

/** A channel and, if any, the thread in it. */
export interface UploadTarget {
  channelId: string;
  threadTs?: string | undefined;
}

/** Puts files beside answers. */
export interface SlackUploads {
  /** Throws PlatformError. */
  upload(target: UploadTarget, file: CardFile): Promise<void>;
  /** The files of a card: each once, however often the card is edited. A failure is said in the thread. */
  attach(target: UploadTarget, files: CardFile[]): Promise<void>;
}

/** Uploads by files.getUploadURLExternal and files.completeUploadExternal (files.upload was retired in 2025). */
export function createSlackUploads(options: { client: SlackClient; clock: Clock; logger: Logger }): SlackUploads {
  const { client, clock, logger } = options;
  const attached = createSeen({ ttlMs: 86_400_000, max: 10_000, now: () => clock.elapsed() });

  async function upload(target: UploadTarget, file: CardFile): Promise<void> {
    const { channelId, threadTs } = target;
    const where = threadTs === undefined ? { channel_id: channelId } : { channel_id: channelId, thread_ts: threadTs };
    const bytes = Buffer.from(file.content, 'utf8');
    await client.run('files.uploadV2', (web) =>
      web.filesUploadV2({ ...where, filename: file.name, title: file.title, file: bytes }),
    );
  }

  async function attachOne(target: UploadTarget, file: CardFile): Promise<void> {
    const digest = createHash('sha256').update(file.content).digest('base64url');
    if (!attached.first(`${target.channelId} ${target.threadTs ?? ''} ${file.name} ${digest}`)) return;
    try {
      await upload(target, file);
    } catch (error) {
      logger.warn({ err: error, file: file.name }, 'slack upload failed');
      const text = `The file ${file.name} could not be attached. ${messageOf(error)}`;
      const to = { channel: target.channelId, thread_ts: target.threadTs };
      await client.call('chat.postMessage', { ...to, text: escapeEntities(text) });
    }
  }

  return {
    upload,
    async attach(target, files) {
      for (const file of files) await attachOne(target, file);
    },
  };
}
