import { CAUSES, isCauseOf } from '../../src/vocabulary.ts';
import type { ProbeRun } from './run-probe.ts';
import type { Expectation } from './scenario.ts';

/** One field that is not as it should be. */
export interface Miss {
  field: string;
  expected: unknown;
  got: unknown;
}

/** What of the product's answer is not as the scenario says; empty when all is right. */
export function compare(run: ProbeRun, { fields = {}, ...head }: Expectation): Miss[] {
  const report = parseReport(run.stdout);
  if (report === undefined) {
    const got = `exit ${run.exitStatus}: ${run.stdout.slice(0, 200)}${run.stderr.slice(-400)}`;
    return [{ field: 'output', expected: 'one JSON document', got }];
  }
  const exitStatus = report.verdict === 'failed' ? 1 : 0;
  return [
    ...Object.entries({ ...head, ...fields }).flatMap(([field, expected]) => {
      const got = valueAt(report, field);
      return matches(got, expected) ? [] : [{ field, expected, got }];
    }),
    ...(run.exitStatus === exitStatus ? [] : [{ field: 'exit', expected: exitStatus, got: run.exitStatus }]),
    ...breaches(report),
  ];
}

function parseReport(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What must hold of every answer: a cause that belongs to its error type, a step to take, a line of evidence. */
function breaches(report: Record<string, unknown>): Miss[] {
  const { errorType, cause, mitigation, summary, verdict } = report;
  const misses: Miss[] = [];
  if (typeof errorType === 'string') {
    if (!(errorType in CAUSES) || !isCauseOf(errorType as keyof typeof CAUSES, String(cause))) {
      misses.push({ field: 'vocabulary', expected: 'a cause of the error type', got: `${errorType}/${cause}` });
    }
    if (!Array.isArray(mitigation) || mitigation.length === 0) {
      misses.push({ field: 'mitigation', expected: 'at least one step', got: mitigation });
    }
  }
  if (typeof summary !== 'string' || summary === '') misses.push({ field: 'summary', expected: 'words', got: summary });
  if ((verdict === 'ok') !== (errorType === null)) {
    misses.push({ field: 'errorType', expected: 'null exactly when ok', got: `${verdict} with ${errorType}` });
  }
  return misses;
}

/** The value at a dotted path; undefined where there is none. */
function valueAt(value: unknown, field: string): unknown {
  return field.split('.').reduce<unknown>((at, key) => {
    if (Array.isArray(at) && key === 'length') return at.length;
    return typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  }, value);
}

/** A pattern is looked for in the text of the value; of a list any member will do. */
function matches(got: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return expected.test(typeof got === 'string' ? got : JSON.stringify(got ?? null));
  if (Array.isArray(expected)) return expected.some((one) => matches(got, one));
  return got === expected;
}
