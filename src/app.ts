import type { Command } from '../commands/command.ts';
import { commands, slashNames } from '../commands/registry.ts';
import { renderRunbook } from './analysis/knowledge/render-runbook.ts';
import { createChat } from './chat/chat.ts';
import type { ChatPort, Platform } from './chat/port.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { createLogger, type Logger } from './log.ts';
import { SANDBOX_EXAMPLES } from './sandbox/examples.ts';
import { createServices, runbookFile } from './services.ts';
import type { Store } from './store/store.ts';

/** Answers (cards and their folds) are kept this long. */
const KEEP_ANSWERS_MS = 24 * 60 * 60 * 1000;
const SWEEP_EVERY_MS = 10 * 60 * 1000;

/** A chat platform as the app drives it. */
interface RunningAdapter {
  port: ChatPort;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** `ok`, or what is wrong. */
  health(): string;
}

export interface App {
  /** Address of the HTTP server. */
  url: string;
  sandbox: boolean;
  platforms: Platform[];
  stop(): Promise<void>;
}

/** True when any key of the platform is set: then it must be complete. */
function wanted(settings: Record<string, unknown>, keys: string[]): boolean {
  return keys.some((key) => settings[key] !== undefined);
}

/**
 * Starts everything: the chat platforms that are configured, or the sandbox when none is.
 * @throws UserError for a half-set platform, a taken port, a locked data folder.
 */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  const slack = wanted(config.slack, ['botToken', 'appToken', 'signingSecret']);
  const teams = wanted(config.teams, ['appId', 'appPassword', 'tenantId']);
  const sandbox = !slack && !teams;
  const cleanups: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const world = sandbox ? await (await import('./sandbox/mail-world.ts')).startMailWorld({ logger }) : undefined;
    if (world !== undefined) cleanups.push(() => world.stop());
    const store = await openStore(config);
    cleanups.push(() => store.close());
    const adapters = new Map<Platform, RunningAdapter>();
    const http = createHttpServer({
      ...config.http,
      renderRunbook,
      health: () => Object.fromEntries([...adapters].map(([name, adapter]) => [name, adapter.health()])),
    });
    let address = '';
    const base = (): string | undefined => config.http.publicUrl ?? (sandbox ? address : undefined);
    const services = createServices({
      config,
      logger,
      ...(world === undefined ? {} : { world }),
      runbookUrl: (errorType) => (base() === undefined ? runbookFile(errorType) : `${base()}/runbooks/${errorType}`),
    });
    const offered = sandbox ? withExamples(commands, SANDBOX_EXAMPLES) : commands;
    const chat = createChat({ commands: offered, services, store, logger, clock: systemClock });
    cleanups.push(() => chat.stop());
    if (slack) adapters.set('slack', await slackAdapter(config, chat, logger, http));
    if (teams) adapters.set('teams', await teamsAdapter(config, chat, logger, http));
    if (world !== undefined) {
      const { createWebAdapter } = await import('./adapters/web/web-adapter.ts');
      const { names } = world;
      const web = createWebAdapter({
        handler: chat,
        logger,
        commands: offered,
        names,
        app: http.app,
        dataDir: config.dataDir,
      });
      adapters.set('web', { ...web, health: () => 'ok' });
    }
    address = await http.listen();
    cleanups.push(() => http.close());
    for (const adapter of adapters.values()) {
      await adapter.start();
      cleanups.push(() => adapter.stop());
    }
    const ports = new Map([...adapters].map(([name, adapter]) => [name, adapter.port] as const));
    await chat.resume(ports);
    cleanups.push(sweepRegularly(store, logger));
    return { url: address, sandbox, platforms: [...adapters.keys()], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the app, says where it is, and stops it on a signal. */
export async function serve(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const app = await startApp(config, logger);
  const what = app.sandbox ? 'mailmedic sandbox' : `mailmedic (${app.platforms.join(', ')})`;
  process.stdout.write(`${what}: ${app.url}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await app.stop();
}

async function openStore(config: Config): Promise<Store> {
  const { openLowdbStore } = await import('./store/lowdb/lowdb-store.ts');
  return openLowdbStore(config.dataDir);
}

async function slackAdapter(
  config: Config,
  handler: ReturnType<typeof createChat>,
  logger: Logger,
  http: HttpServer,
): Promise<RunningAdapter> {
  const { createSlackAdapter } = await import('./adapters/slack/slack-adapter.ts');
  return createSlackAdapter({ config: config.slack, handler, logger, http, commands: slashNames });
}

async function teamsAdapter(
  config: Config,
  handler: ReturnType<typeof createChat>,
  logger: Logger,
  http: HttpServer,
): Promise<RunningAdapter> {
  const { createTeamsAdapter } = await import('./adapters/teams/teams-adapter.ts');
  return createTeamsAdapter({ config: config.teams, handler, logger, http, commands: [...slashNames] });
}

/** Forgets old answers now and then; returns how to stop. */
function sweepRegularly(store: Store, logger: Logger): () => Promise<void> {
  const sweep = (): void => {
    store
      .sweepAnswers(new Date(Date.now() - KEEP_ANSWERS_MS))
      .catch((error: unknown) => logger.warn({ err: error }, 'sweep of old answers failed'));
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_EVERY_MS);
  timer.unref();
  return async () => clearInterval(timer);
}

/** The same commands with examples that work here. */
function withExamples(all: readonly Command[], examples: Record<string, string[]>): readonly Command[] {
  return all.map((command) => ({ ...command, examples: examples[command.name] ?? command.examples }));
}
