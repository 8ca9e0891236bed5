import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pLimit from 'p-limit';
import { compare, type Miss } from './compare.ts';
import { buildNetwork } from './network.ts';
import { unpackPrograms } from './packages.ts';
import { domainOf, LOOPBACK_PLAN, NAMESPACE_PLAN } from './place.ts';
import { printLine, printMisses, printTotals } from './print.ts';
import { runProbe } from './run-probe.ts';
import type { Need, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { bindResolver } from './servers/resolver-file.ts';
import { bindUsers, MACHINE_USERS } from './servers/users.ts';
import { startWorld, type World } from './world.ts';

/** Short, so that a server that says nothing costs little; every product default is longer. */
const DEADLINES = { MAILMEDIC_PROBE_STAGE_TIMEOUT_S: '5', MAILMEDIC_PROBE_TIMEOUT_S: '25' };

/** What was asked for on the command line, and where to work. */
export interface LabOptions {
  /** An empty folder for queues, zones and logs. */
  folder: string;
  /** Whether this process has its own network, mounts and processes. */
  namespaces: boolean;
  /** Names or groups, in part; empty for all. */
  only: readonly string[];
  /** Scenarios at a time. */
  jobs: number;
  /** Start the servers and a shell among them, and run no scenario. */
  shell: boolean;
  /** Print what the product says of each scenario. */
  verbose: boolean;
}

/** What came of one scenario. */
export interface Outcome {
  scenario: Scenario;
  misses: Miss[];
  tookMs: number;
  /** What the product printed. */
  output: string;
}

/** Runs the scenarios and prints what came of them; 0 when all are right. */
export async function runLab({ folder, namespaces, only, jobs, shell, verbose }: LabOptions): Promise<number> {
  const chosen = SCENARIOS.filter(
    ({ name, group }) => only.length === 0 || only.some((text) => name.includes(text) || group === text),
  );
  const able: Need[] = namespaces ? ['ipv6', 'routes', 'users'] : [];
  const scenarios = chosen.filter(({ needs }) => needs.every((need) => able.includes(need)));
  const plan = namespaces ? NAMESPACE_PLAN : LOOPBACK_PLAN;
  if (namespaces) {
    buildNetwork(plan);
    bindResolver(folder, plan.resolver.ip);
  }
  const users = namespaces ? bindUsers(folder) : MACHINE_USERS;
  const world = await startWorld({ folder, programs: unpackPrograms(), plan, users, scenarios });
  if (!namespaces) process.once('SIGINT', () => void world.stop().then(() => process.exit(130)));
  try {
    if (shell) return await openShell(world, plan.resolver);
    const turn = pLimit(jobs);
    const outcomes = await Promise.all(
      scenarios.map((scenario) =>
        turn(async () => {
          const resolver = scenario.zone === 'office' ? plan.office : plan.resolver;
          const outcome = await runScenario(scenario, world, resolver);
          printLine(outcome, verbose);
          return outcome;
        }),
      ),
    );
    printMisses(outcomes);
    printTotals(
      outcomes,
      chosen.filter((scenario) => !scenarios.includes(scenario)),
    );
    return outcomes.every(({ misses }) => misses.length === 0) ? 0 : 1;
  } finally {
    await world.stop();
  }
}

/** For looking around: the product finds the lab's resolver and authorities as in a scenario. */
async function openShell(world: World, resolver: { ip: string; port: number }): Promise<number> {
  const env = { ...process.env, ...settings(world, resolver), PS1: 'lab$ ' };
  const child = spawn('bash', ['--norc'], { stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 0;
}

/** The environment in which the product runs. */
function settings({ caFile }: World, resolver: { ip: string; port: number }): Record<string, string> {
  return {
    MAILMEDIC_DNS: `${resolver.ip}:${resolver.port}`,
    MAILMEDIC_EGRESS_ALLOW: '192.0.2.0/24,203.0.113.0/24,198.51.100.0/24,2001:db8::/32,127.0.0.0/8',
    NODE_EXTRA_CA_CERTS: caFile,
    ...DEADLINES,
  };
}

async function runScenario(scenario: Scenario, world: World, resolver: { ip: string; port: number }): Promise<Outcome> {
  const domain = domainOf(scenario);
  const own = world.places.get(scenario) ?? {};
  const fill = (text: string): string =>
    text.replace(/\{([\w-]+)(\.ip6)?\}/g, (whole, name: string, six?: string) => {
      if (name === 'domain') return domain;
      return (six === undefined ? own[name]?.ip : own[name]?.ip6) ?? whole;
    });
  const run = await runProbe(world.folder, scenario.args.map(fill), {
    ...settings(world, resolver),
    MAILMEDIC_MAILBOXES: `monitor@${domain}`,
    ...scenario.env,
  });
  return {
    scenario,
    misses: compare(run, scenario.expect),
    tookMs: run.tookMs,
    output: run.stdout || run.stderr,
  };
}
