import { z } from 'zod';
import { errorTypeSchema, ownerSchema, replySchema, runbookSchema, stageSchema } from '../schema.ts';
import { VERDICTS } from '../vocabulary.ts';
import { SCANNED_PROTOCOLS, TRUST_MODELS } from './tls-vocabulary.ts';

const ms = z.number().nonnegative().nullable();

/** The peer's own certificate and the chain that it sent. */
export const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  altNames: z.array(z.string()),
  /** ISO 8601. */
  validFrom: z.string(),
  validTo: z.string(),
  /** What the peer sent of its chain, leaf first; at most ten. */
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

/** How a certificate looks to one kind of sender. */
export const trustSchema = z.object({
  model: z.enum(TRUST_MODELS),
  /** `ok`, the cause of CertificateFailure, or why there is nothing to say: `none`, `insecure`, `unusable`, `testing`, `broken`, `unknown`. */
  state: z.string(),
  /** A sender of this kind delivers; null when nothing is published that concerns it. */
  delivers: z.boolean().nullable(),
  /** One sentence for people. */
  words: z.string(),
});

/** One TLS version offered alone. */
export const scanSchema = z.object({
  protocol: z.enum(SCANNED_PROTOCOLS),
  accepted: z.boolean(),
  cipher: z.string().nullable(),
  /** Why not, in words; null when it was accepted. */
  error: z.string().nullable(),
});

/** What came of one address. */
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
  /** The first line of the greeting without its code, and the name that it claims; null when none came. */
  banner: z.object({ text: z.string(), serverName: z.string().nullable() }).nullable(),
  /** When each reply came, milliseconds after its command was sent: its first and its last byte. */
  replies: z.array(z.object({ stage: stageSchema, code: z.string(), firstByteMs: z.number(), lastByteMs: z.number() })),
  /** What the server offers: inside TLS where TLS came up, before it otherwise. */
  capabilities: z.array(z.string()),
  /** What it offered before TLS; null when TLS was not reached or was implicit. */
  capabilitiesBeforeTls: z.array(z.string()).nullable(),
  /** AUTH as it was tried; null when it was not asked for. */
  auth: z
    .object({ offered: z.array(z.string()), mechanism: z.string().nullable(), accepted: z.boolean().nullable() })
    .nullable(),
  tls: z.object({
    /** STARTTLS was advertised (or TLS is implicit); null when EHLO was not reached. */
    offered: z.boolean().nullable(),
    protocol: z.string().nullable(),
    cipher: z.string().nullable(),
    /** The certificate chains to a trusted root, is in date and carries the name; null without TLS. */
    authorized: z.boolean().nullable(),
    /** `match`, `mismatch`, or why there is nothing to hold the host to, as in `trust`; null when it was not looked at. */
    dane: z.string().nullable(),
    mtaSts: z.string().nullable(),
    /** The certificate as each kind of sender sees it, side by side; empty without TLS. */
    trust: z.array(trustSchema),
    /** Which versions the peer takes, one by one; null when it was not asked. */
    scan: z.array(scanSchema).nullable(),
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
  /** Names this probe in the peer's logs: see `search`. */
  probeId: z.string(),
  /** What to search protocol logs and message traces for. */
  search: z.object({
    helo: z.string(),
    /** Null unless a message was sent. */
    messageId: z.string().nullable(),
    subject: z.string().nullable(),
    /** Lines ready to paste (Select-String, Get-MessageTraceV2), each with what it is for. */
    lines: z.array(z.object({ label: z.string(), text: z.string() })),
  }),
  /** What the resolver says of DNSSEC for the names on the way; `unknown` where it was not asked. */
  dnssec: z.enum(['secure', 'insecure', 'bogus', 'unknown']),
  /** The probe of the control target, run when no address could be connected to; null when it was not needed or not set. */
  control: z.object({ target: z.string(), reachable: z.boolean(), words: z.string() }).nullable(),
  /** With `--repeat`: what the failures go along with; null when nothing does. */
  correlation: z
    .object({
      /** `address`, `server name`, `TLS version`, `cipher`, `certificate`. */
      what: z.string(),
      value: z.string(),
      failed: z.number().int(),
      of: z.number().int(),
      words: z.string(),
    })
    .nullable(),
  /** How often it was probed, and how often that failed or was degraded. */
  rounds: z.object({ total: z.number().int(), failed: z.number().int(), degraded: z.number().int() }),
  /** Compared with the last good probe of the same target; null when there is none. */
  lastGood: z.object({ at: z.string(), changes: z.array(z.string()) }).nullable(),
  /** When the probe began, ISO 8601 UTC, and how long it took in milliseconds. */
  startedAt: z.string(),
  durationMs: z.number(),
});

/** See {@link probeReportSchema}. */
export type ProbeReport = z.infer<typeof probeReportSchema>;
/** See {@link attemptSchema}. */
export type ProbeAttempt = z.infer<typeof attemptSchema>;
/** See {@link certificateSchema}. */
export type ProbeCertificate = z.infer<typeof certificateSchema>;
