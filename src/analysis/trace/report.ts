import { z } from 'zod';
import { errorTypeSchema, ownerSchema } from '../../schema.ts';

const count = z.number().int().nonnegative();

/** One error type and reply as it was seen in the trace, with where it was seen. */
export const traceErrorSchema = z.object({
  errorType: errorTypeSchema,
  cause: z.string(),
  owner: ownerSchema,
  count,
  code: z.string().nullable(),
  enhanced: z.string().nullable(),
  /** Our side of the failing hop: the sending server names, most frequent first. */
  servers: z.array(z.string()),
  /** The addresses tried, most frequent first. */
  ips: z.array(z.string()),
  connectors: z.array(z.string()),
  /** ISO 8601 UTC. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  /** A reply as an example, bounded. */
  example: z.string(),
});

/** One event of a message, in the order in which it happened. */
export const timelineEventSchema = z.object({
  at: z.string(),
  event: z.string(),
  source: z.string(),
  recipient: z.string(),
  client: z.string(),
  server: z.string(),
  connector: z.string(),
  detail: z.string(),
  errorType: errorTypeSchema.nullable(),
});

/** The answer of a trace: the `--json` contract of `mailmedic trace-parse`. */
export const traceReportSchema = z.object({
  files: z.array(z.object({ name: z.string(), format: z.string(), encoding: z.string(), rows: count, skipped: count })),
  rows: count,
  messages: count,
  delivered: count,
  partlyDelivered: count,
  delayedThenDelivered: count,
  failed: count,
  pending: count,
  expanded: count,
  deferEvents: count,
  sessions: count,
  /** Most frequent first. */
  errors: z.array(traceErrorSchema),
  /** Seconds from the first event of a message to its last delivery. */
  latency: z.object({
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    max: z.number().nullable(),
    byStage: z.array(z.object({ stage: z.string(), p50: z.number(), p95: z.number(), max: z.number() })),
  }),
  /** The dimension that best tells failing attempts from working ones; null when there is nothing to tell. */
  concentration: z
    .object({
      dimension: z.string(),
      value: z.string(),
      share: z.number(),
      verdict: z.string(),
    })
    .nullable(),
  /** Only with a message id. */
  timeline: z.array(timelineEventSchema),
  queues: z.array(
    z.object({
      identity: z.string(),
      status: z.string(),
      messageCount: count,
      lastError: z.string().nullable(),
    }),
  ),
  /** Final recipients by outcome. */
  recipientOutcomes: z.object({ delivered: count, failed: count, pending: count, expanded: count }),
  /** ISO 8601 UTC of the first and last event. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  /** Rows that could not be read: line number and reason, at most twenty. */
  problems: z.array(z.object({ file: z.string(), line: z.number().int(), reason: z.string() })),
  /** True when the work was cancelled and the numbers cover only part of the input. */
  partial: z.boolean(),
});

export type TraceReport = z.infer<typeof traceReportSchema>;
export type TraceError = z.infer<typeof traceErrorSchema>;
export type TimelineEvent = z.infer<typeof timelineEventSchema>;
