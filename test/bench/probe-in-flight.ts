import { createAuthority } from '../support/certificates.ts';
import { SINK_NAME } from './probe-clients.ts';
import { peakMemoryOf, startHelper } from './probe-process.ts';

const PROBES = 2000;

/**
 * Holds 2,000 probes open at once at their costliest moment (TLS is up, the answer to EHLO is awaited), then lets them end,
 * and tells the most memory that the process which probes has held.
 */
export async function measureInFlight(): Promise<void> {
  const root = await createAuthority('Bench root');
  const identity = await root.issue({ names: [SINK_NAME] });
  const { helper: sink, ready } = await startHelper('sink', { ...identity, holdUntil: PROBES });
  const { port } = ready as { port: number };
  const { helper: ours } = await startHelper('ours', { port, ca: root.cert });
  try {
    const before = peakMemoryOf(ours.pid);
    const round = ours.ask<{ ms: number }>({ count: PROBES, parallel: PROBES });
    await Promise.race([sink.ask({}), round]);
    const held = peakMemoryOf(ours.pid);
    sink.tell({});
    const { ms } = await round;
    const peak = peakMemoryOf(ours.pid);
    const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
    const each = `${((peak - before) / 1024 / PROBES).toFixed(0)} KB a probe`;
    console.log(
      `${PROBES} probes in flight: ${mb(peak)} at most (${mb(before)} before, ${mb(held)} when all were open; ${each}), ${(ms / 1000).toFixed(1)} s in all`,
    );
  } finally {
    ours.stop();
    sink.stop();
  }
}
