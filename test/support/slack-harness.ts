import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createSlackAdapter, type SlackAdapter } from '../../src/adapters/slack/slack-adapter.ts';
import type { IncomingCommand } from '../../src/chat/port.ts';
import { silentLogger } from '../../src/log.ts';
import { createSlackRecorder, type SlackRecorder } from './slack-recorder.ts';
import { createSlackSender, type SlackSender } from './slack-sender.ts';
import { BOT_TOKEN, type SlackWebApi, startSlackWebApi } from './slack-web-api.ts';

export const SIGNING_SECRET = 'loopback-signing-secret';
export const SLASH_COMMANDS = ['probe', 'diagnose', 'trace-parse', 'peer', 'mailmedic'] as const;

/** The real adapter behind a real HTTP server, with a loopback Slack on the other side. */
export interface SlackHarness {
  adapter: SlackAdapter;
  api: SlackWebApi;
  handler: SlackRecorder;
  sender: SlackSender;
  url: string;
  close(): Promise<void>;
}

/** Starts everything over HTTP; `answer` is what the handler does with a command. */
export async function startSlackHarness(answer?: (incoming: IncomingCommand) => Promise<void>): Promise<SlackHarness> {
  const api = await startSlackWebApi();
  const handler = createSlackRecorder(answer);
  const app = express();
  const adapter = await createSlackAdapter({
    config: { botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET, apiUrl: api.apiUrl },
    handler,
    logger: silentLogger(),
    commands: SLASH_COMMANDS,
    http: { app },
  });
  // A parser that comes later must not disturb the signature check.
  app.use(express.json());
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await adapter.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  const sender = createSlackSender(url, SIGNING_SECRET);
  return {
    adapter,
    api,
    handler,
    sender,
    url,
    async close() {
      sender.close();
      await adapter.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await api.close();
    },
  };
}
