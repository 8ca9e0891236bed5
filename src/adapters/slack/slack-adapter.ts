import { App } from '@slack/bolt';
import type { Express } from 'express';
import { createInFlight } from '../../chat/in-flight.ts';
import type { ChatHandler, ChatPort } from '../../chat/port.ts';
import { createSeen } from '../../chat/seen.ts';
import { type Clock, systemClock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { createBoltLogger } from './bolt-logger.ts';
import { createHttpReceiver } from './http-receiver.ts';
import type { Inbox } from './inbox.ts';
import { listenCommands } from './listen-commands.ts';
import { listenForms } from './listen-forms.ts';
import { listenMessages } from './listen-messages.ts';
import { listenPresses } from './listen-presses.ts';
import { listenShortcuts } from './listen-shortcuts.ts';
import { clientOptions, createSlackClient } from './slack-client.ts';
import { createSlackFiles } from './slack-files.ts';
import { learnIdentity, type SlackIdentity } from './slack-identity.ts';
import { decideSlackMode, type SlackTransport } from './slack-mode.ts';
import { createSlackPort } from './slack-port.ts';
import { joinReceivers, type SlackReceiver } from './slack-receiver.ts';
import { createSocketReceiver } from './socket-receiver.ts';

/** Slack retries an event for about an hour; what was taken is remembered a little longer. */
const DELIVERY_TTL_MS = 2 * 3_600_000;
const DRAIN_MS = 5_000;

export interface SlackAdapterOptions {
  config: Config['slack'];
  handler: ChatHandler;
  logger: Logger;
  /** Names of the slash commands, without the slash. */
  commands: readonly string[];
  /** The shared server; needed with a signing secret. Give it before any body parser is added. */
  http?: { app: Express };
  clock?: Clock;
}

/** Slack, connected to a ChatHandler. */
export interface SlackAdapter {
  readonly port: ChatPort;
  /** @throws UserError when Slack refuses a token. */
  start(): Promise<void>;
  /** Takes nothing new and waits a little for what was acknowledged. */
  stop(): Promise<void>;
  /** `ok`, or what is wrong. */
  health(): string;
}

/**
 * Wires Bolt, the Web API and the handler together; nothing is sent before `start`.
 * @throws UserError when Slack is not configured, or by half.
 */
export async function createSlackAdapter(options: SlackAdapterOptions): Promise<SlackAdapter> {
  const { config, handler, commands } = options;
  const clock = options.clock ?? systemClock;
  const logger = options.logger.child({ platform: 'slack' });
  const mode = decideSlackMode(config);
  if (mode === undefined) throw new UserError('Slack is not configured. Set MAILMEDIC_SLACK_BOT_TOKEN.');

  const client = createSlackClient({ token: mode.botToken, apiUrl: config.apiUrl, logger });
  const receiver = joinReceivers(receiversOf(mode.transports, { ...options, logger, clock }));
  const inFlight = createInFlight(logger);
  const seen = createSeen({ ttlMs: DELIVERY_TTL_MS, max: 100_000, now: () => clock.elapsed() });
  const stopped = new AbortController();
  let identity: SlackIdentity | undefined;

  const app = new App({
    receiver,
    logger: createBoltLogger(logger),
    clientOptions: clientOptions({ apiUrl: config.apiUrl, logger }),
    convoStore: false,
    // Bolt's own look-up of the token would be a rejection that nobody awaits while Slack cannot be reached.
    authorize: async () => ({
      ...(identity?.userId === undefined ? {} : { botUserId: identity.userId }),
      ...(identity?.botId === undefined ? {} : { botId: identity.botId }),
    }),
  });
  app.error(async (error) => logger.error({ err: error }, 'slack listener failed'));

  const inbox: Inbox = {
    port: createSlackPort({ client, clock, logger }),
    files: createSlackFiles({ token: mode.botToken, apiUrl: config.apiUrl, client }),
    handler,
    logger,
    commands,
    botUserId: () => identity?.userId,
    first: (deliveryId) => deliveryId === undefined || seen.first(deliveryId),
    run: inFlight.run,
  };
  for (const listen of [listenCommands, listenMessages, listenPresses, listenShortcuts, listenForms])
    listen(app, inbox);

  return {
    port: inbox.port,
    async start() {
      await learnIdentity(client, logger, stopped.signal, (learned) => {
        identity = learned;
        logger.info({ team: learned.team }, 'slack knows us');
      });
      await app.start();
    },
    async stop() {
      stopped.abort();
      await app.stop();
      if (!(await inFlight.drain(DRAIN_MS))) logger.warn('slack stopped with work in progress');
    },
    health: () => (identity === undefined ? 'auth.test is not answered yet' : receiver.health()),
  };
}

/** A signing secret is good only with the shared server; without one Socket Mode has to do. */
function receiversOf(
  transports: readonly SlackTransport[],
  options: Pick<SlackAdapterOptions, 'config' | 'http'> & { logger: Logger; clock: Clock },
): SlackReceiver[] {
  const { http, logger, clock } = options;
  const { apiUrl } = options.config;
  const receivers: SlackReceiver[] = [];
  for (const transport of transports) {
    if (transport.kind === 'socket') {
      receivers.push(createSocketReceiver({ appToken: transport.appToken, apiUrl, logger }));
    } else if (http !== undefined) {
      const { signingSecret } = transport;
      receivers.push(createHttpReceiver({ server: http.app, signingSecret, logger, clock }));
    }
  }
  if (receivers.length > 0) return receivers;
  throw new UserError('Slack over HTTP needs the web server. Start it with mailmedic serve, or use Socket Mode.');
}
