import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Services } from '../commands/services.ts';
import { createDiagnoser } from './analysis/diagnose.ts';
import { createKnowledge } from './analysis/knowledge/knowledge.ts';
import { runbookFile as runbookName } from './analysis/knowledge/render-runbook.ts';
import { parseTrace } from './analysis/trace/parse-trace.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createResolver } from './dns/system-resolver.ts';
import { examine } from './doctor.ts';
import type { Logger } from './log.ts';
import { packageRoot } from './package-info.ts';
import { createPeerLookup } from './peer/lookup-peer.ts';
import { createProber } from './probe/probe.ts';
import type { MailWorld } from './sandbox/mail-world.ts';
import type { ErrorType } from './vocabulary.ts';

export interface ServicesOptions {
  config: Config;
  logger: Logger;
  /** Where the runbook of an error type is read; a file of the package by default. */
  runbookUrl?: (errorType: ErrorType) => string;
  /** The built-in mail world, when there are no real servers to look at. */
  world?: MailWorld;
}

/** Wires the cores. Opens nothing: sockets are made when a command runs. */
export function createServices({ config, logger, runbookUrl = runbookFile, world }: ServicesOptions): Services {
  const effective = world === undefined ? config : inWorld(config, world);
  const knowledge = createKnowledge({ runbookUrl, overrides: config.runbooks });
  const resolver = createResolver({
    ...(effective.dns === undefined ? {} : { server: effective.dns }),
    timeoutMs: Math.min(2500, effective.probe.stageTimeoutS * 1000),
    tries: 2,
  });
  const prober = createProber({
    config: effective,
    resolver,
    clock: systemClock,
    knowledge,
    logger,
    ...(world === undefined ? {} : { dial: world.dial, ca: [world.ca] }),
  });
  const diagnoser = createDiagnoser({ knowledge });
  const lookupPeer = createPeerLookup({ resolver });
  return {
    config: effective,
    clock: systemClock,
    knowledge,
    probe: (request, options) => prober.probe(request, options),
    diagnose: (input, options) => diagnoser.diagnose(input, options),
    parseTrace,
    lookupPeer,
    // Any definite answer shows that the resolver works; the sandbox's own knows only its own names.
    doctor: ({ signal }) =>
      examine({
        sandbox: world !== undefined,
        config: effective,
        resolver,
        signal,
        checkFolder,
        knownName: world === undefined ? 'example.com' : 'sandbox.test',
      }),
    sandbox: world !== undefined,
  };
}

/** The settings under which the built-in servers can be probed: their resolver, their addresses, their mailbox. */
function inWorld(config: Config, world: MailWorld): Config {
  const documentation = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];
  return {
    ...config,
    dns: world.dnsServer,
    egress: { ...config.egress, allow: [...config.egress.allow, ...documentation] },
    mailboxes: [...config.mailboxes, ...world.mailboxes],
    probe: { ...config.probe, stageTimeoutS: Math.min(config.probe.stageTimeoutS, 3) },
  };
}

/** `file:` URL of the generated runbook in the package. */
export function runbookFile(errorType: ErrorType): string {
  return pathToFileURL(path.join(packageRoot, 'docs', 'runbooks', runbookName(errorType))).href;
}

async function checkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const probe = path.join(folder, `.doctor-${process.pid}`);
  await writeFile(probe, 'ok');
  await rm(probe);
}
