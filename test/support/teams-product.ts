import { createTeamsAdapter } from '../../src/adapters/teams/teams-adapter.ts';
import type { Connect } from '../../src/app.ts';
import { type Product, startProduct } from './product.ts';
import { APP_ID, TENANT } from './teams-bot.ts';
import { startTeamsMicrosoft, type TeamsMicrosoft, type TokenChanges } from './teams-microsoft.ts';

/** The whole product over the built-in mail world, with a loopback Microsoft on the other side. */
export interface TeamsProduct {
  microsoft: TeamsMicrosoft;
  /** Lines that were logged as errors: none is expected, whatever is asked. */
  bugs: string[];
  /** Sends an activity with a good token, or one with changes. */
  send(activity: Record<string, unknown>, token?: TokenChanges): Promise<{ status: number; text: string; ms: number }>;
  /** A second process that finds what a crash of this one would leave now; it talks to the same Microsoft. */
  restart(): Promise<Product>;
  close(): Promise<void>;
}

/** The settings under which the product takes the loopback for Microsoft. */
export function teamsEnv(microsoft: TeamsMicrosoft): Record<string, string> {
  return {
    MAILMEDIC_TEAMS_APP_ID: APP_ID,
    MAILMEDIC_TEAMS_APP_PASSWORD: 'not-used-here',
    MAILMEDIC_TEAMS_TENANT_ID: TENANT,
    MAILMEDIC_TEAMS_SERVICE_HOSTS: '127.0.0.1',
    MAILMEDIC_TEAMS_OPEN_ID_METADATA_URL: microsoft.openIdMetadataUrl,
    MAILMEDIC_TEAMS_TOKEN_ISSUER: microsoft.issuer,
  };
}

/** The real adapter; only Microsoft's login and file hosts are on this machine, too. */
export const connectLoopbackTeams: Connect = async ({ config, handler, logger, http, commands }) => {
  const adapter = await createTeamsAdapter({
    config: config.teams,
    handler,
    logger,
    http,
    commands: [...commands.filter((command) => command.slash).map((command) => command.name), 'mailmedic'],
    outbound: {
      async signRequest(request) {
        request.headers.set('authorization', 'Bearer outbound-test');
        return request;
      },
    },
    fileHosts: ['127.0.0.1'],
  });
  return ['teams', adapter];
};

/** Starts the product with Teams alone. */
export async function startTeamsProduct(): Promise<TeamsProduct> {
  const microsoft = await startTeamsMicrosoft();
  const { app, bugs, dataDir, close } = await startProduct(teamsEnv(microsoft), [connectLoopbackTeams]);
  return {
    microsoft,
    bugs,
    async send(activity, token) {
      const authorization = `Bearer ${await microsoft.token(APP_ID, token)}`;
      const started = performance.now();
      const response = await fetch(`${app.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(activity),
      });
      const text = await response.text();
      return { status: response.status, text, ms: performance.now() - started };
    },
    restart: () => startProduct(teamsEnv(microsoft), [connectLoopbackTeams], dataDir),
    async close() {
      await close();
      await microsoft.stop();
    },
  };
}
