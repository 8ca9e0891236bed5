import { setTimeout as delay } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import { messageOf, UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { createBoltLogger } from './bolt-logger.ts';
import { clientOptions } from './slack-client.ts';
import { BAD_CREDENTIALS, slackCodeOf } from './slack-errors.ts';
import type { SlackReceiver } from './slack-receiver.ts';

/** From asking for an address to Slack's `hello`. */
const CONNECT_TIMEOUT_MS = 20_000;
const MAX_BACKOFF_MS = 30_000;
const STOP_TIMEOUT_MS = 2_000;

/**
 * Socket Mode with a reconnect of our own. The library's waits 5 seconds after each of Slack's regular disconnects, and
 * when a reconnect fails its rejected promise belongs to nobody, which ends the process.
 */
export function createSocketReceiver(options: {
  appToken: string;
  apiUrl?: string | undefined;
  logger: Logger;
}): SlackReceiver {
  const { logger } = options;
  const inner = new SocketModeReceiver({
    appToken: options.appToken,
    logger: createBoltLogger(logger),
    autoReconnectEnabled: false,
    // Given here because the receiver takes no other way for the API base.
    installerOptions: { clientOptions: clientOptions(options) },
    processEventErrorHandler: async ({ error, event }) => {
      logger.warn({ err: error }, 'slack payload refused');
      // Acknowledged, because sending it again would fail again; and here, because the library would await this where
      // nobody catches a connection that has just gone.
      await event
        .ack()
        .catch((failed: unknown) => logger.warn({ reason: messageOf(failed) }, 'slack not acknowledged'));
      return false;
    },
  });
  const { client } = inner;
  guardMessages(client, logger);
  let connected = false;
  let stopping = false;
  let keeper: Promise<void> | undefined;
  const stopped = new AbortController();

  /** Resolves with a promise of the connection's end. */
  async function connect(): Promise<{ ended: Promise<void> }> {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = () => resolve();
    });
    client.once('disconnected', end);
    const timer = setTimeout(() => void client.disconnect(), CONNECT_TIMEOUT_MS);
    try {
      await client.start();
    } catch (error) {
      client.removeListener('disconnected', end);
      throw error ?? new Error('Slack closed the connection before its hello');
    } finally {
      clearTimeout(timer);
    }
    connected = true;
    if (stopping) void client.disconnect();
    return { ended };
  }

  /** Keeps a connection until stopped: at once after a disconnect, then with growing pauses. */
  async function keepConnected(first: Promise<void> | undefined): Promise<void> {
    let ended = first;
    let failures = ended === undefined ? 1 : 0;
    while (!stopping) {
      if (ended !== undefined) {
        await ended;
        connected = false;
        if (stopping) return;
        logger.info('slack socket closed, connecting again');
      }
      ended = undefined;
      if (failures > 0) await pause(failures);
      if (stopping) return;
      try {
        ended = (await connect()).ended;
        failures = 0;
      } catch (error) {
        failures += 1;
        logger.warn({ reason: messageOf(error), failures }, 'slack socket not connected');
      }
    }
  }

  async function pause(failures: number): Promise<void> {
    const ceiling = Math.min(MAX_BACKOFF_MS, 250 * 2 ** Math.min(failures, 10));
    await delay(ceiling * (0.5 + Math.random() / 2), undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  return {
    init: (app) => inner.init(app),
    async start() {
      let ended: Promise<void> | undefined;
      try {
        ended = (await connect()).ended;
      } catch (error) {
        const code = slackCodeOf(error);
        if (code !== undefined && BAD_CREDENTIALS.has(code)) {
          throw new UserError(
            `Slack refuses MAILMEDIC_SLACK_APP_TOKEN (${code}). Set it to an app-level token (xapp-…) with connections:write.`,
          );
        }
        logger.warn({ reason: messageOf(error) }, 'slack socket not connected yet');
      }
      keeper = keepConnected(ended);
    },
    async stop() {
      stopping = true;
      stopped.abort();
      const closed = Promise.all([connected ? client.disconnect() : undefined, keeper]);
      await Promise.race([closed, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      connected = false;
    },
    health: () => (connected ? 'ok' : 'Socket Mode is not connected'),
  };
}

/**
 * The library reads each frame in an async listener that nobody awaits: a frame of an unexpected shape would be an
 * unhandled rejection. Frames go through here first, and only envelopes and the two control messages pass.
 */
function guardMessages(client: SocketModeReceiver['client'], logger: Logger): void {
  const listeners = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', async (data: unknown, isBinary: boolean) => {
    try {
      if (isBinary || !isEnvelope(data)) throw new Error('not an envelope');
      for (const listener of listeners) await listener.call(client, data, false);
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'slack socket frame dropped');
    }
  });
}

function isEnvelope(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  const frame: unknown = JSON.parse(data);
  if (typeof frame !== 'object' || frame === null || !('type' in frame)) return false;
  if (frame.type === 'hello' || frame.type === 'disconnect') return true;
  if (!('payload' in frame) || typeof frame.payload !== 'object' || frame.payload === null) return false;
  if (frame.type !== 'events_api') return true;
  const event = 'event' in frame.payload ? frame.payload.event : undefined;
  return typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string';
}
