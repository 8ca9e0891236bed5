import { z } from 'zod';
import { errorTypeSchema, stageSchema } from './schema.ts';
import { VERDICTS } from './vocabulary.ts';

/** How one address showed itself: what a later probe is compared with. */
const pathSchema = z.object({
  host: z.string(),
  ip: z.string(),
  /** The name in the greeting. */
  serverName: z.string().nullable(),
  protocol: z.string().nullable(),
  cipher: z.string().nullable(),
  capabilities: z.array(z.string()),
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      /** Of the leaf, lower-case hex. */
      sha256: z.string(),
      /** ISO 8601. */
      validFrom: z.string(),
      validTo: z.string(),
    })
    .nullable(),
  dane: z.string().nullable(),
  mtaSts: z.string().nullable(),
});

/** What is remembered of one probe: names, addresses and states, never a mailbox and no words of a reply. */
export const probeSummarySchema = z.object({
  v: z.literal(1),
  /** Names the probe in the peer's logs; one probe is remembered once. */
  probeId: z.string(),
  /** What was probed and how: probes with the same key can be compared. */
  key: z.string(),
  /** When it began, ISO 8601 UTC. */
  at: z.string(),
  /** Domain, host or address; of a mailbox only its domain. */
  target: z.string(),
  verdict: z.enum(VERDICTS),
  errorType: errorTypeSchema.nullable(),
  cause: z.string().nullable(),
  stage: stageSchema.nullable(),
  dnssec: z.string(),
  mx: z.array(z.string()),
  /** Every address of the hosts was tried. */
  everyAddress: z.boolean(),
  paths: z.array(pathSchema),
});

export type ProbeSummary = z.infer<typeof probeSummarySchema>;
export type ProbedPath = z.infer<typeof pathSchema>;

/** What earlier probes found. It helps an answer and never holds one up: trouble with it is a line in the log. */
export interface ProbeHistory {
  /** The newest probe of this key whose verdict was `ok`. */
  lastGood(key: string): Promise<ProbeSummary | undefined>;
  /** Probes of these domains, hosts or addresses (target, MX or tried address), newest first, at most 200 and 30 days old. */
  recent(names: readonly string[]): Promise<ProbeSummary[]>;
  add(summary: ProbeSummary): Promise<void>;
}
