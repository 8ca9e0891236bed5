import { z } from 'zod';
import { errorTypeSchema, ownerSchema, replySchema, runbookSchema, stageSchema } from '../schema.ts';
import { VERDICTS } from '../vocabulary.ts';

const ms = z.number().nonnegative().nullable();

export const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  altNames: z.array(z.string()),
  /** ISO 8601. */
  validFrom: z.string(),
  validTo: z.string(),
  /** Leaf first; what the peer sent, at most ten. */
  chain: z.array(
    z.object({
      subject: z.string(),
      issuer: z.string(),
      validTo: z.string(),
      sha256: z.string(),
      bits: z.number().nullable(),
    }),
  ),
});

export const attemptSchema = z.object({
  host: z.string(),
  ip: z.string().nullable(),
  port: z.number().int(),
  verdict: z.enum(VERDICTS),
  errorType: errorTypeSchema.nullable(),
  cause: z.string().nullable(),
  /** Where it broke; null when nothing did. */
  stage: stageSchema.nullable(),
  owner: ownerSchema,
  /** One sentence for people: what happened at this address. */
  summary: z.string(),
  lastReply: replySchema.nullable(),
  /** Duration of each stage in milliseconds, null where it was not reached; `total` is the whole attempt. */
  timingsMs: z.object({
    dns: ms,
    connect: ms,
    banner: ms,
    ehlo: ms,
    starttls: ms,
    tls: ms,
    mail: ms,
    rcpt: ms,
    data: ms,
    total: ms,
  }),
  capabilities: z.array(z.string()),
  tls: z.object({
    /** STARTTLS was advertised (or TLS is implicit); null when EHLO was not reached. */
    offered: z.boolean().nullable(),
    protocol: z.string().nullable(),
    cipher: z.string().nullable(),
    /** The certificate chains to a trusted root, is in date and carries the name; null without TLS. */
    authorized: z.boolean().nullable(),
    /** Filled by the DANE and MTA-STS checks when they run. */
    dane: z.string().nullable(),
    mtaSts: z.string().nullable(),
  }),
  certificate: certificateSchema.nullable(),
  /** Every line, redacted: `at` ms since the attempt began; `dir` C client, S server, `*` event. */
  transcript: z.array(z.object({ at: z.number(), dir: z.enum(['C', 'S', '*']), text: z.string() })),
  /** Oddities that are worth a word: bare LF, mixed reply codes, 8-bit bytes, greylisting retried. */
  notes: z.array(z.string()),
});

/** The answer of a probe: the `--json` contract of `mailmedic probe`. */
export const probeReportSchema = z.object({
  target: z.string(),
  verdict: z.enum(VERDICTS),
  errorType: errorTypeSchema.nullable(),
  cause: z.string().nullable(),
  stage: stageSchema.nullable(),
  owner: ownerSchema,
  summary: z.string(),
  mitigation: z.array(z.string()),
  runbooks: z.array(runbookSchema),
  mx: z.array(z.object({ host: z.string(), preference: z.number().int() })),
  attempts: z.array(attemptSchema),
  /** When the probe began, ISO 8601 UTC, and how long it took in milliseconds. */
  startedAt: z.string(),
  durationMs: z.number(),
});

export type ProbeReport = z.infer<typeof probeReportSchema>;
export type ProbeAttempt = z.infer<typeof attemptSchema>;
export type ProbeCertificate = z.infer<typeof certificateSchema>;
