import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAuthority } from '../support/certificates.ts';
import { SINK_NAME } from './probe-clients.ts';
import { type Contender, startContenders } from './probe-contenders.ts';
import { measureInFlight } from './probe-in-flight.ts';
import { CORES, cpuOf, pin, startHelper } from './probe-process.ts';

/**
 * `npm run bench:probe`: full STARTTLS probes (banner, EHLO, STARTTLS, handshake with a P-256 certificate that is verified,
 * EHLO, QUIT) of one sink by mailmedic, by a bare net and tls client that has the same conversation and by the programs
 * that people use for it today. Everyone and the sink have a process of their own; rounds take turns. What counts is the
 * ratio: absolute times mean nothing on a shared machine. `mailmedic` is the prober as monitors use it; over HTTP it answers
 * the same client as blackbox_exporter.
 *
 * `--one-core` gives the sink one core and who probes another; else the kernel places them, and a contender with several
 * threads may use more than one. `--in-flight` holds 2,000 probes open instead and tells the memory that they take.
 */
const ROUNDS = 12;
const LEVELS = [
  { parallel: 1, count: 150 },
  { parallel: 32, count: 400 },
];
/** Long enough for the just-in-time compiler of those who have one to be done: monitors run for weeks. */
const WARM_UP = { parallel: 32, count: 6000 };

/** What a contender took, a number a round, and in all. */
interface Tally {
  contender: Contender;
  /** Milliseconds a probe. */
  ms: number[];
  /** Milliseconds of processor time in all rounds, its own and that of the sink, and how long they took. */
  cpu: number;
  sinkCpu: number;
  wall: number;
  probes: number;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(contenders: Contender[], level: { parallel: number; count: number }, sinkPid: number) {
  const tallies: Tally[] = contenders.map((contender) => ({
    contender,
    ms: [],
    cpu: 0,
    sinkCpu: 0,
    wall: 0,
    probes: 0,
  }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const tally of tallies) {
      const { contender } = tally;
      const count = Math.round(level.count * contender.share);
      const before = [contender.cpuMs(), cpuOf(sinkPid).own] as const;
      const wall = await contender.run({ ...level, count });
      tally.cpu += contender.cpuMs() - before[0];
      tally.sinkCpu += cpuOf(sinkPid).own - before[1];
      tally.wall += wall;
      tally.probes += count;
      tally.ms.push(wall / count);
    }
  }
  show(level.parallel, tallies);
}

function show(parallel: number, tallies: readonly Tally[]): void {
  const [bare] = tallies;
  if (bare === undefined) return;
  console.log(`\n${parallel} at a time${' '.repeat(11)}probes/s   ms each  of bare   CPU ms  of bare   sink busy`);
  for (const { contender, ms, cpu, sinkCpu, wall, probes } of tallies) {
    const each = median(ms);
    const cells = [
      (1000 / each).toFixed(0).padStart(8),
      each.toFixed(2).padStart(9),
      (each / median(bare.ms)).toFixed(2).padStart(8),
      (cpu / probes).toFixed(2).padStart(8),
      (cpu / probes / (bare.cpu / bare.probes)).toFixed(2).padStart(8),
      `${((sinkCpu / wall) * 100).toFixed(0)}%`.padStart(11),
    ];
    console.log(contender.name.padEnd(22) + cells.join(' '));
  }
  const blackbox = tallies.find(({ contender }) => contender.name === 'blackbox_exporter');
  if (blackbox === undefined) return;
  for (const ours of tallies.filter(({ contender }) => contender.name.startsWith('mailmedic'))) {
    const rate = median(blackbox.ms) / median(ours.ms);
    const cpu = ours.cpu / ours.probes / (blackbox.cpu / blackbox.probes);
    console.log(
      `${ours.contender.name}: ${rate.toFixed(2)} times the rate of blackbox_exporter with ${cpu.toFixed(2)} times its processor time`,
    );
  }
}

async function main(): Promise<void> {
  const root = await createAuthority('Bench root');
  const identity = await root.issue({ names: [SINK_NAME] });
  const folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-bench-'));
  const { helper: sink, ready } = await startHelper('sink', identity);
  const contenders: Contender[] = [];
  try {
    const { port } = ready as { port: number };
    const apart = process.argv.includes('--one-core') && pin(process.pid, CORES.sink) && pin(sink.pid, CORES.sink);
    console.log(apart ? 'One core for the sink and the HTTP client, one for who probes.' : 'All cores for everyone.');
    const core = apart ? CORES.probes : undefined;
    contenders.push(...(await startContenders({ port, ca: root.cert }, { folder, core })));
    for (const contender of contenders)
      await contender.run({ ...WARM_UP, count: Math.round(WARM_UP.count * contender.share ** 2) });
    for (const level of LEVELS) await compare(contenders, level, sink.pid);
    console.log(
      '\nCPU ms: of the process that probes, all its threads, without the client that asks it over HTTP.\nThe sink is one Node process: near 100% it is the limit, not who probes.',
    );
  } finally {
    for (const contender of contenders) contender.stop();
    sink.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv.includes('--in-flight')) await measureInFlight();
else await main();
