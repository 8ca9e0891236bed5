import type { Miss } from './compare.ts';
import type { Outcome } from './run-lab.ts';
import type { Scenario } from './scenario.ts';

/** One line a scenario, as it ends; a second one with what the product says of it, where that is wanted. */
export function printLine({ scenario, misses, tookMs, output }: Outcome, verbose: boolean): void {
  const sign = misses.length === 0 ? 'ok  ' : 'MISS';
  const name = `${scenario.group}/${scenario.name}`.padEnd(52);
  process.stdout.write(`${sign} ${name} ${(tookMs / 1000).toFixed(1).padStart(5)} s\n`);
  if (verbose) process.stdout.write(`       ${says(output)}\n`);
}

/** Head and sentence of an answer, in one line. */
function says(output: string): string {
  const value = (field: string): string =>
    new RegExp(`"${field}":\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|null)`).exec(output)?.[1] ?? '-';
  const head = ['verdict', 'errorType', 'cause', 'stage', 'owner'].map(value).join(' ');
  return `${head}: ${value('summary')}`;
}

/** What differs, with the sentence that the product gave. */
export function printMisses(outcomes: readonly Outcome[]): void {
  for (const { scenario, misses, output } of outcomes) {
    if (misses.length === 0) continue;
    process.stdout.write(`\n${scenario.group}/${scenario.name}: probe ${scenario.args.join(' ')}\n`);
    for (const miss of misses) process.stdout.write(`${describe(miss)}\n`);
    process.stdout.write(`  it says: ${says(output)}\n`);
  }
}

function describe({ field, expected, got }: Miss): string {
  return `  ${field.padEnd(28)} should be ${show(expected)}, is ${show(got)}`;
}

function show(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(show).join(' or ').slice(0, 300);
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent')).slice(0, 300);
}

/** The last lines: what was left out and why, and the count. */
export function printTotals(outcomes: readonly Outcome[], leftOut: readonly Scenario[]): void {
  const failed = outcomes.filter(({ misses }) => misses.length > 0).length;
  for (const { group, name, needs } of leftOut) {
    process.stdout.write(`left out: ${group}/${name} needs a namespace (${needs.join(', ')})\n`);
  }
  process.stdout.write(`${outcomes.length - failed} passed, ${failed} failed\n`);
}
