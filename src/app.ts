import type { Command } from '../commands/command.ts';
import { commands, slashNames } from '../commands/registry.ts';
import type { Services } from '../commands/services.ts';
import { parseTarget } from '../commands/target.ts';
import { renderRunbook } from './analysis/knowledge/render-runbook.ts';
import { createChat } from './chat/chat.ts';
import type { ChatHandler, ChatPort, Platform } from './chat/port.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { addProbeEndpoint } from './http/probe-endpoint.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { createLogger, type Logger } from './log.ts';
import { SANDBOX_EXAMPLES } from './sandbox/examples.ts';
import type { MailWorld } from './sandbox/mail-world.ts';
import { createServices, runbookFile } from './services.ts';
import type { Store } from './store/store.ts';

/** Answers (cards and their folds) are kept this long. */
const KEEP_ANSWERS_MS = 24 * 60 * 60 * 1000;
const SWEEP_EVERY_MS = 10 * 60 * 1000;

/** A chat platform as the app drives it. */
export interface RunningAdapter {
  port: ChatPort;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** `ok`, or what is wrong. */
  health(): string;
}

/** What a platform is wired to. */
export interface Wiring {
  config: Config;
  logger: Logger;
  handler: ChatHandler;
  http: HttpServer;
  /** The commands on offer, with examples that work here. */
  commands: readonly Command[];
  /** The built-in mail world, when there is one. */
  world?: MailWorld;
}

/** Makes the adapter of one platform; opens nothing before its `start`. */
export type Connect = (wiring: Wiring) => Promise<[Platform, RunningAdapter]>;

export interface AssembleOptions {
  config: Config;
  logger: Logger;
  connect: readonly Connect[];
  /** Probed in place of the internet. It is stopped with the app. */
  world?: MailWorld;
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
 * Starts everything: the chat platforms and the probe endpoint that are configured, or the sandbox when none is.
 * @throws UserError for a half-set platform, a taken port, a locked data folder.
 */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  const connect: Connect[] = [];
  if (wanted(config.slack, ['botToken', 'appToken', 'signingSecret'])) connect.push(connectSlack);
  if (wanted(config.teams, ['appId', 'appPassword', 'tenantId'])) connect.push(connectTeams);
  // Whoever opens the endpoint for Prometheus means real probes, with or without a chat platform.
  const served = connect.length > 0 || config.http.probeToken !== undefined;
  if (served) return assemble({ config, logger, connect });
  const { startMailWorld } = await import('./sandbox/mail-world.ts');
  return assemble({ config, logger, connect: [connectWeb], world: await startMailWorld({ logger }) });
}

/**
 * Puts store, cores, chat and platforms together and starts them.
 * @throws UserError as {@link startApp} does; whatever was opened by then is closed again.
 */
export async function assemble({ config, logger, connect, world }: AssembleOptions): Promise<App> {
  const cleanups: (() => Promise<unknown>)[] = world === undefined ? [] : [() => world.stop()];
  const stop = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const store = await openStore(config);
    cleanups.push(() => store.close());
    const left = await store.unfinishedRuns();
    const adapters = new Map<Platform, RunningAdapter>();
    const http = createHttpServer({
      ...config.http,
      // The sandbox is for the person at this machine, whatever the settings say.
      host: world === undefined ? config.http.host : '127.0.0.1',
      renderRunbook,
      health: () => Object.fromEntries([...adapters].map(([name, adapter]) => [name, adapter.health()])),
    });
    let address = '';
    const base = (): string | undefined => config.http.publicUrl ?? (world === undefined ? undefined : address);
    const services = createServices({
      config,
      logger,
      ...(world === undefined ? {} : { world }),
      runbookUrl: (errorType) => (base() === undefined ? runbookFile(errorType) : `${base()}/runbooks/${errorType}`),
    });
    serveProbes(http, config, services);
    const offered = world === undefined ? commands : withExamples(commands, SANDBOX_EXAMPLES);
    const chat = createChat({ commands: offered, services, store, logger, clock: systemClock });
    const wiring = {
      config,
      logger,
      handler: chat,
      http,
      commands: offered,
      ...(world === undefined ? {} : { world }),
    };
    for (const platform of connect) {
      const [name, adapter] = await platform(wiring);
      adapters.set(name, adapter);
    }
    address = await http.listen();
    cleanups.push(() => http.close());
    // Together: the doors close at once, what runs is cancelled, and its last cards go out before the drain ends.
    cleanups.push(() => Promise.all([...[...adapters.values()].map((adapter) => adapter.stop()), chat.stop()]));
    for (const adapter of adapters.values()) await adapter.start();
    const ports = new Map([...adapters].map(([name, adapter]) => [name, adapter.port] as const));
    // Not waited for: a platform that puts us off must not hold up the start.
    void chat.resume(ports, left);
    cleanups.push(sweepRegularly(store, logger));
    return { url: address, sandbox: world !== undefined, platforms: [...adapters.keys()], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Opens `GET /probe` to a Prometheus that has the token; its probes count for nobody but the target. */
function serveProbes(http: HttpServer, config: Config, services: Services): void {
  addProbeEndpoint(http.app, {
    token: config.http.probeToken,
    maxTimeoutS: config.probe.timeoutS,
    probe: (text, { depth, tls }, { timeoutS, signal }) =>
      services.probe(
        {
          text,
          target: parseTarget(text),
          depth,
          tls,
          chunking: 'auto',
          pipelining: 'auto',
          tlsScan: false,
          all: false,
          timeoutS,
        },
        { signal },
      ),
  });
}

/** Starts the app, says where it is, and stops it on a signal. */
export async function serve(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const app = await startApp(config, logger);
  const what = app.sandbox ? 'mailmedic sandbox' : `mailmedic (${app.platforms.join(', ') || 'probe endpoint'})`;
  // Listened for before the line is out: whoever waits for it may end us at once.
  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  process.stdout.write(`${what}: ${app.url}\n`);
  await ended;
  await app.stop();
}

async function openStore(config: Config): Promise<Store> {
  const { openLowdbStore } = await import('./store/lowdb/lowdb-store.ts');
  return openLowdbStore(config.dataDir);
}

/** Slack, by HTTP or Socket Mode as it is configured. */
export async function connectSlack({ config, handler, logger, http }: Wiring): Promise<[Platform, RunningAdapter]> {
  const { createSlackAdapter } = await import('./adapters/slack/slack-adapter.ts');
  return ['slack', await createSlackAdapter({ config: config.slack, handler, logger, http, commands: slashNames })];
}

async function connectTeams({ config, handler, logger, http }: Wiring): Promise<[Platform, RunningAdapter]> {
  const { createTeamsAdapter } = await import('./adapters/teams/teams-adapter.ts');
  return ['teams', await createTeamsAdapter({ config: config.teams, handler, logger, http, commands: slashNames })];
}

async function connectWeb(wiring: Wiring): Promise<[Platform, RunningAdapter]> {
  const { config, handler, logger, http, commands, world } = wiring;
  const { createWebAdapter } = await import('./adapters/web/web-adapter.ts');
  const { app } = http;
  const web = createWebAdapter({ handler, logger, commands, names: world?.names ?? [], app, dataDir: config.dataDir });
  return ['web', { ...web, health: () => 'ok' }];
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
