import { execFileSync } from 'node:child_process';

/** Prometheus's own checker, on the PATH or named by PROMTOOL; the Debian package `prometheus` has it. */
export function findPromtool(): string | undefined {
  const name = process.env.PROMTOOL ?? 'promtool';
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return name;
  } catch {
    return undefined;
  }
}
