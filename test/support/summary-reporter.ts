import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` as the very last line of a run, for people and for CI. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      failed += module.state() === 'failed' && module.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    const left = skipped > 0 ? `${skipped} skipped: what they need is not on this machine\n` : '';
    process.once('exit', () => process.stdout.write(`${left}${passed} passed, ${failed} failed\n`));
  }
}
