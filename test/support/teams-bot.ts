import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { createTeamsAdapter, type TeamsAdapter } from '../../src/adapters/teams/teams-adapter.ts';
import type { ChatHandler, IncomingCommand, IncomingForm, IncomingPress } from '../../src/chat/port.ts';
import type { Config } from '../../src/config.ts';
import type { TeamsMicrosoft, TokenChanges } from './teams-microsoft.ts';

export const APP_ID = '11111111-2222-3333-4444-555555555555';
export const TENANT = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
export const BOT_ID = `28:${APP_ID}`;
export const ANN = { id: '29:ann', name: 'Ann' };

/** A bot on the loopback with the real adapter in front of a handler that records. */
export interface TeamsBot {
  adapter: TeamsAdapter;
  /** Address of the shared server. */
  url: string;
  /** Lines that were logged as errors: none is expected, whatever a peer sends. */
  bugs: string[];
  commands: IncomingCommand[];
  presses: IncomingPress[];
  forms: IncomingForm[];
  /** Called after recording; whatever the test wants the program to do. */
  onCommand: (incoming: IncomingCommand) => Promise<void>;
  /** Sends the activity with a good token, or one with changes; `null` sends none. */
  send(activity: unknown, token?: TokenChanges | null): Promise<{ status: number; text: string }>;
  /** Sends a body as it is. */
  sendRaw(body: string, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

/** The Teams configuration that points at the loopback. */
export function teamsConfig(microsoft: TeamsMicrosoft, changes: Partial<Config['teams']> = {}): Config['teams'] {
  return {
    appId: APP_ID,
    appPassword: 'not-used-here',
    tenantId: TENANT,
    allowedTenants: [],
    serviceHosts: ['127.0.0.1'],
    openIdMetadataUrl: microsoft.openIdMetadataUrl,
    tokenIssuer: microsoft.issuer,
    ...changes,
  };
}

export async function startTeamsBot(
  microsoft: TeamsMicrosoft,
  changes: Partial<Config['teams']> = {},
): Promise<TeamsBot> {
  const commands: IncomingCommand[] = [];
  const presses: IncomingPress[] = [];
  const forms: IncomingForm[] = [];
  const handler: ChatHandler = {
    async command(incoming) {
      commands.push(incoming);
      await bot.onCommand(incoming);
    },
    async press(incoming) {
      presses.push(incoming);
    },
    async form(incoming) {
      forms.push(incoming);
    },
  };
  const bugs: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => bugs.push(line) });
  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const adapter = await createTeamsAdapter({
    config: teamsConfig(microsoft, changes),
    handler,
    logger,
    http: { app },
    commands: ['probe', 'diagnose', 'trace-parse', 'peer', 'mailmedic'],
    outbound: {
      async signRequest(request) {
        request.headers.set('authorization', 'Bearer outbound-test');
        return request;
      },
    },
    fileHosts: ['127.0.0.1'],
    maxFileBytes: 1024 * 1024,
  });
  await adapter.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function sendRaw(
    body: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    const response = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, text: await response.text() };
  }
  const bot: TeamsBot = {
    adapter,
    url,
    bugs,
    commands,
    presses,
    forms,
    onCommand: async () => undefined,
    sendRaw,
    async send(activity, token = {}) {
      const authorization = token === null ? {} : { authorization: `Bearer ${await microsoft.token(APP_ID, token)}` };
      return sendRaw(JSON.stringify(activity), authorization);
    },
    async stop() {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bot;
}

let nextId = 0;

/** An activity in a channel's thread as Teams sends it; `changes` replace whole properties. */
export function channelMessage(
  microsoft: TeamsMicrosoft,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  nextId += 1;
  return {
    type: 'message',
    id: `17000000${nextId}`,
    timestamp: '2026-11-20T16:00:00.000Z',
    channelId: 'msteams',
    serviceUrl: microsoft.serviceUrl,
    from: { ...ANN, aadObjectId: 'ann-object' },
    recipient: { id: BOT_ID, name: 'mailmedic' },
    conversation: {
      id: '19:abc@thread.tacv2;messageid=1700',
      conversationType: 'channel',
      tenantId: TENANT,
      isGroup: true,
    },
    channelData: { tenant: { id: TENANT }, team: { id: '19:team@thread.tacv2' } },
    text: '<at>mailmedic</at> probe contoso.example',
    entities: [{ type: 'mention', text: '<at>mailmedic</at>', mentioned: { id: BOT_ID, name: 'mailmedic' } }],
    ...changes,
  };
}

/** The same in a personal chat. */
export function personalMessage(
  microsoft: TeamsMicrosoft,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return channelMessage(microsoft, {
    conversation: { id: 'a:personal', conversationType: 'personal', tenantId: TENANT },
    text: 'probe contoso.example',
    entities: [],
    ...changes,
  });
}

/** Waits until the condition holds; fails after two seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 2000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
