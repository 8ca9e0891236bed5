import { z } from 'zod';

/** The answer of a peer look-up: the `--json` contract of `mailmedic peer`. */
export const peerReportSchema = z.object({
  target: z.string(),
  kind: z.enum(['domain', 'host', 'ip']),
  mx: z.array(z.object({ host: z.string(), preference: z.number().int(), addresses: z.array(z.string()) })),
  addresses: z.array(z.string()),
  /** One entry an address: its PTR names and whether one of them resolves back (forward-confirmed reverse DNS). */
  ptr: z.array(z.object({ ip: z.string(), names: z.array(z.string()), confirmed: z.boolean() })),
  /** What was found worth a word, most important first: null MX, MX to a CNAME, PTR missing, DNS failure. */
  findings: z.array(z.object({ severity: z.enum(['ok', 'info', 'warning', 'error']), text: z.string() })),
  summary: z.string(),
});
export type PeerReport = z.infer<typeof peerReportSchema>;
