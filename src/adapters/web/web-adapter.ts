import { randomBytes, randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import type { ChatHandler, ChatPort } from '../../chat/port.ts';
import type { Logger } from '../../log.ts';
import { type ApiParts, actApi, readApi } from './api.ts';
import { apiErrors } from './api-errors.ts';
import { createChannel } from './channel.ts';
import { localHostOnly, protectiveHeaders, sameOriginOnly, tokenOnly } from './doors.ts';
import { createEventLog } from './event-log.ts';
import { createEventStreams } from './event-stream.ts';
import { createFileShelf } from './file-shelf.ts';
import { createMessageStore } from './message-store.ts';
import { createOpenForms } from './open-forms.ts';
import { builtPageDir, pageAssets, requirePage } from './page-assets.ts';
import { type SandboxName, type WebCommand, webSetup } from './setup.ts';
import { createUploads } from './uploads.ts';
import { createWebPort } from './web-port.ts';

/** The browser channel as app.ts uses it. */
export interface WebAdapter {
  port: ChatPort;
  /** Makes the folder for uploads. @throws UserError when the page was not built. */
  start(): Promise<void>;
  /** Ends the streams and removes the uploads. */
  stop(): Promise<void>;
}

/** What the browser channel needs. */
export interface WebAdapterOptions {
  handler: ChatHandler;
  logger: Logger;
  /** For completion and the first-visit examples; the command registry fits. */
  commands: readonly WebCommand[];
  /** Names of the built-in mail world, for completion. */
  names: readonly SandboxName[];
  /** Server to mount the page and its API on; app.ts lets it listen on 127.0.0.1. */
  app: Express;
  /** Uploads lie under it. */
  dataDir: string;
  /** Compiled scripts of the page; default dist/page of the package. */
  scriptDir?: string;
  /** Largest upload in bytes; default 500 MB. */
  maxUploadBytes?: number;
}

/**
 * A chat channel in the browser for trying mailmedic on one machine: the same port, cards and renderers as Slack and
 * Teams, drawn by a page. It is for this machine only; doors.ts keeps everyone else out.
 */
export function createWebAdapter(options: WebAdapterOptions): WebAdapter {
  const scriptDir = options.scriptDir ?? builtPageDir();
  const token = randomBytes(24).toString('base64url');
  const newId = (): string => randomUUID();
  const log = createEventLog(randomBytes(6).toString('hex'));
  const shelf = createFileShelf(newId);
  const channel = createChannel({ store: createMessageStore(), shelf, log, newId, now: () => new Date() });
  const forms = createOpenForms();
  const streams = createEventStreams(log);
  const port = createWebPort({ channel, forms, newId });
  const maxBytes = options.maxUploadBytes;
  const { handler, logger, dataDir } = options;
  const uploads = createUploads({ dataDir, newId, logger, ...(maxBytes === undefined ? {} : { maxBytes }) });
  const setup = webSetup(options.commands, options.names);
  const parts: ApiParts = { handler, port, channel, forms, uploads, shelf, log, streams, setup, logger, newId };

  const local = [protectiveHeaders, localHostOnly];
  const doors = [...local, sameOriginOnly];
  const router = express.Router();
  // Doors stand before our own paths only: other adapters mount theirs on the same server.
  // A link from anywhere may open the page itself; it cannot be framed, and its token cannot be read from outside.
  router.get('/', ...local);
  router.get(['/page/{*rest}', '/api/{*rest}'], ...doors);
  router.post(ACTIONS, ...doors, tokenOnly(token));
  router.use(pageAssets({ scriptDir, token }), readApi(parts), actApi(parts), apiErrors(logger));
  options.app.use(router);

  return {
    port,
    async start() {
      requirePage(scriptDir);
      await uploads.start();
    },
    async stop() {
      streams.closeAll();
      await uploads.stop();
    },
  };
}

const ACTIONS = ['/api/command', '/api/press', '/api/form', '/api/upload'];
