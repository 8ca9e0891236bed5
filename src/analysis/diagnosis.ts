import { z } from 'zod';
import { errorTypeSchema, ownerSchema, replySchema, runbookSchema } from '../schema.ts';

/** One thing that the answer rests on: what kind of evidence, and the words themselves. */
export const evidenceSchema = z.object({
  /** `reply`, `inner-reply`, `wrapper`, `code`, `text`, `issuer`, `expired`, `last-retry`, `socket-error`, `recipient` … */
  kind: z.string(),
  text: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** The answer of a diagnosis: the `--json` contract of `mailmedic diagnose`. */
export const diagnosisSchema = z.object({
  /** Null when nothing is wrong (`250 2.1.5`). */
  errorType: errorTypeSchema.nullable(),
  cause: z.string().nullable(),
  owner: ownerSchema,
  /** 0 to 1; 0.8 and more means sure. */
  confidence: z.number().min(0).max(1),
  /** Retrying has ended; null when the words do not say. */
  permanent: z.boolean().nullable(),
  /** The outermost reply; null when the text holds none. */
  reply: replySchema.nullable(),
  /** Whose words these are: `exchange-online`, `exchange-server`, `gmail`, `yahoo`, `outlook.com`, `postfix`, `exim` …; null when unknown. */
  issuer: z.string().nullable(),
  /** The host that answered or was tried, never the sender's own. */
  remoteHost: z.string().nullable(),
  remoteIp: z.string().nullable(),
  recipient: z.string().nullable(),
  explanation: z.string(),
  mitigation: z.array(z.string()),
  runbooks: z.array(runbookSchema),
  evidence: z.array(evidenceSchema),
  /** What to do or ask next when the words alone do not settle it. */
  next: z.array(z.string()),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;
