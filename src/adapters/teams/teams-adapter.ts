import type { Express } from 'express';
import { createInFlight } from '../../chat/in-flight.ts';
import type { ChatHandler, ChatPort } from '../../chat/port.ts';
import { createSeen } from '../../chat/seen.ts';
import { type Clock, systemClock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import { ABOUT_PATH, aboutPage } from './about-page.ts';
import { fileDoor } from './file-hosts.ts';
import { createFileOffers } from './file-offers.ts';
import { messagesRoute } from './messages-route.ts';
import { createPeople } from './people.ts';
import { createSendQueue } from './send-queue.ts';
import { type OutboundCredentials, TeamsConnection } from './teams-connection.ts';
import { createTeamsPort } from './teams-port.ts';
import { createTeamsSender } from './teams-sender.ts';
import { teamsSettings } from './teams-settings.ts';
import { createTeamsUploads } from './teams-uploads.ts';
import { workOnActivity } from './work-on-activity.ts';

export type { OutboundCredentials } from './teams-connection.ts';

/** Where Teams sends activities; the messaging endpoint of the bot registration ends in this. */
export const MESSAGES_PATH = '/api/messages';

const MINUTE_MS = 60_000;
const DRAIN_MS = 5_000;

/** What the adapter is wired to. */
export interface TeamsAdapterOptions {
  config: Config['teams'];
  handler: ChatHandler;
  logger: Logger;
  /** The shared HTTP server. */
  http: { app: Express };
  /** Names of the commands, without the slash. */
  commands: readonly string[];
  clock?: Clock;
  /** Signs calls to the connector in place of Microsoft's login, for a connector on this machine. */
  outbound?: OutboundCredentials;
  /** Hosts that may give and take files besides Microsoft's. */
  fileHosts?: readonly string[];
  /** Files larger than this are refused, in bytes; default 100 MB. */
  maxFileBytes?: number;
}

/** The running adapter. */
export interface TeamsAdapter {
  readonly port: ChatPort;
  /** Opens the door; until then every request is answered 503. */
  start(): Promise<void>;
  /** Closes the door and waits a few seconds for work that was acknowledged. */
  stop(): Promise<void>;
  /** `ok`, or what is wrong. */
  health(): string;
}

/**
 * Teams, behind `POST /api/messages` on the shared server.
 * @throws UserError when app id, password or tenant is missing
 */
export async function createTeamsAdapter(options: TeamsAdapterOptions): Promise<TeamsAdapter> {
  const { handler, logger, commands } = options;
  const clock = options.clock ?? systemClock;
  const settings = teamsSettings(options.config);
  const connection = new TeamsConnection(settings, options.outbound);
  const queue = createSendQueue(clock);
  const sender = createTeamsSender(connection, queue);
  const offers = createFileOffers(clock);
  const people = createPeople();
  const uploads = createTeamsUploads({ sender, offers, clock, logger });
  const port = createTeamsPort({ sender, uploads, people });
  const inFlight = createInFlight(logger);
  const door = fileDoor({
    extraHosts: options.fileHosts ?? [],
    ...(options.maxFileBytes === undefined ? {} : { maxBytes: options.maxFileBytes }),
  });
  const greeted = createSeen({ ttlMs: 60 * MINUTE_MS, max: 10_000, now: () => clock.elapsed() });
  const work = { port, sender, offers, door, logger, handler, commands, greeted };
  let open = false;

  options.http.app.get(ABOUT_PATH, aboutPage);
  options.http.app.post(
    MESSAGES_PATH,
    ...messagesRoute({
      settings,
      connection,
      logger,
      seen: createSeen({ ttlMs: 30 * MINUTE_MS, max: 50_000, now: () => clock.elapsed() }),
      isOpen: () => open,
      accept(activity) {
        people.note(activity);
        return inFlight.run(activity.type, (kept) => workOnActivity(activity, { ...work, kept }));
      },
    }),
  );

  return {
    port,
    async start() {
      open = true;
    },
    async stop() {
      open = false;
      if (!(await inFlight.drain(DRAIN_MS))) logger.warn('teams: stopped with work under way');
    },
    health: () => (open ? 'ok' : 'not started'),
  };
}
