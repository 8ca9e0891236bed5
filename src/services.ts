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
import { createResolver } from './dns/stub-resolver.ts';
import { examine } from './doctor.ts';
import type { Logger } from './log.ts';
import { packageRoot } from './package-info.ts';
import { createPeerLookup } from './peer/lookup-peer.ts';
import { createRangesFile } from './peer/ranges-file.ts';
import { refreshRanges } from './peer/refresh-ranges.ts';
import { rememberProbes } from './probe/history/remember-probe.ts';
import { createProber } from './probe/probe.ts';
import { createRateLimit } from './probe/rate-limit.ts';
import type { MailWorld } from './sandbox/mail-world.ts';
import { createProbeHistory } from './store/probe-history/probe-history.ts';
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
  const history = createProbeHistory({
    // What the built-in servers did is no past of a real one.
    dataDir: world === undefined ? config.dataDir : path.join(config.dataDir, 'sandbox'),
    clock: systemClock,
  });
  const prober = createProber({
    config: effective,
    resolver,
    clock: systemClock,
    knowledge,
    logger,
    ...(world === undefined ? {} : { dial: world.dial, ca: [world.ca] }),
  });
  const remembering = rememberProbes(prober, { history, clock: systemClock, logger });
  const diagnoser = createDiagnoser({ knowledge });
  const ranges = createRangesFile(config.dataDir);
  const lookupPeer = createPeerLookup({
    resolver,
    egress: effective.egress,
    ...effective.peer,
    ranges,
    history,
    clock: systemClock,
    onFault: (section, error) => logger.error({ err: error, section }, 'a part of a peer look-up failed'),
    ...(world === undefined ? {} : { dial: world.dial, ca: [world.ca] }),
  });
  // A look-up asks dozens of questions of other people's servers; it is held to the same numbers as a probe.
  const checkPeerRate = createRateLimit(effective.probe, { many: 'look-ups', done: 'looked up' });
  return {
    config: effective,
    clock: systemClock,
    knowledge,
    probe: (request, options) => remembering.probe(request, options),
    diagnose: (input, options) => diagnoser.diagnose(input, options),
    parseTrace,
    async lookupPeer(target, { userId, ...options }) {
      await checkPeerRate(userId, target);
      return lookupPeer(target, options);
    },
    refreshRanges: ({ signal }) => refreshRanges({ store: ranges, clock: systemClock, signal }),
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
    peer: { ...config.peer, blocklists: ['bl.sandbox.test'] },
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
