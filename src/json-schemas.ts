import { z } from 'zod';
import { diagnosisSchema } from './analysis/diagnosis.ts';
import { traceReportSchema } from './analysis/trace/report.ts';
import { peerReportSchema } from './peer/report.ts';
import { probeReportSchema } from './probe/report.ts';

/** What `--json` prints, by command. */
export const outputSchemas = {
  probe: probeReportSchema,
  diagnose: diagnosisSchema,
  'trace-parse': traceReportSchema,
  peer: peerReportSchema,
} as const;

/** The same as JSON Schema (draft 2020-12), for scripts that are not written in TypeScript. */
export function jsonSchemas(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputSchemas).map(([name, schema]) => [
      name,
      { ...z.toJSONSchema(schema), title: `mailmedic ${name} --json` },
    ]),
  );
}
