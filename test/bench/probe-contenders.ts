import { randomBytes } from 'node:crypto';
import type { Sink } from './probe-clients.ts';
import { cpuOf, type Helper, pin, startHelper } from './probe-process.ts';
import { debianProgram, scraper, startBlackbox } from './probe-rivals.ts';
import { type Round, runRound } from './probe-round.ts';

/** One way to probe the sink. */
export interface Contender {
  name: string;
  /** Does a round and gives the milliseconds that it took. */
  run(round: Round): Promise<number>;
  pid: number;
  /** Milliseconds of processor time so far of what probes; whoever asks it (an HTTP client) is not counted. */
  cpuMs(): number;
  /** Starting a process for each probe is slow: so much of the usual number will do. */
  share: number;
  stop(): void;
}

/** Everyone that can be had on this machine; those over HTTP answer the same client. `core`: the one that they may use. */
export async function startContenders(
  sink: Sink,
  { folder, core }: { folder: string; core: string | undefined },
): Promise<Contender[]> {
  const contenders = [await inProcess('bare net and tls', 'bare', sink), await inProcess('mailmedic', 'ours', sink)];
  contenders.push(await ourEndpoint(sink));
  const blackbox = await debianProgram('prometheus-blackbox-exporter');
  if (blackbox !== undefined) {
    const { pid, probe, stop } = await startBlackbox(blackbox, sink, { folder, core });
    contenders.push({ name: 'blackbox_exporter', run: timed(probe), pid, cpuMs: () => cpuOf(pid).own, share: 1, stop });
  }
  const check = await debianProgram('monitoring-plugins-basic');
  if (check !== undefined) {
    const { helper } = await startHelper('command', { program: check, port: sink.port });
    contenders.push({
      name: 'check_smtp',
      run: rounds(helper),
      pid: helper.pid,
      cpuMs: () => cpuOf(helper.pid).children,
      share: 0.25,
      stop: helper.stop,
    });
  }
  for (const { pid } of contenders) if (core !== undefined) pin(pid, core);
  return contenders;
}

async function inProcess(name: string, role: string, sink: Sink): Promise<Contender> {
  const { helper } = await startHelper(role, sink);
  return { name, run: rounds(helper), ...rest(helper) };
}

/** The helper does the round and says how long it took. */
function rounds(helper: Helper): Contender['run'] {
  return async (round) => (await helper.ask<{ ms: number }>(round)).ms;
}

async function ourEndpoint(sink: Sink): Promise<Contender> {
  const token = randomBytes(16).toString('hex');
  const { helper, ready } = await startHelper('endpoint', { ...sink, token });
  const { port } = ready as { port: number };
  const probe = scraper(`http://127.0.0.1:${port}/probe?target=sink&module=smtp_starttls`, {
    authorization: `Bearer ${token}`,
  });
  return { name: 'mailmedic GET /probe', run: timed(probe), ...rest(helper) };
}

function rest({ pid, stop }: Helper): Pick<Contender, 'pid' | 'cpuMs' | 'share' | 'stop'> {
  return { pid, cpuMs: () => cpuOf(pid).own, share: 1, stop };
}

function timed(probe: () => Promise<void>): Contender['run'] {
  return async (round) => {
    const began = performance.now();
    await runRound(probe, round);
    return performance.now() - began;
  };
}
