import { z } from 'zod';
import { ownerSchema } from '../schema.ts';
import {
  bimiSchema,
  blocklistsSchema,
  daneSchema,
  dkimSchema,
  dmarcSchema,
  exchangeOnlineSchema,
  historySchema,
  lookupSchema,
  mtaStsSchema,
  spfSchema,
  tlsRptSchema,
} from './section-schemas.ts';

/** The parts of a peer look-up that end on their own; `pending` names those that have not. */
export const PEER_SECTIONS = [
  'mx',
  'addresses',
  'ptr',
  'spf',
  'dmarc',
  'blocklists',
  'dkim',
  'mtaSts',
  'tlsRpt',
  'dane',
  'bimi',
  'exchangeOnline',
  'history',
] as const;
/** One of them. */
export type PeerSection = (typeof PEER_SECTIONS)[number];

/** The answer of a peer look-up: the `--json` contract of `mailmedic peer`. */
export const peerReportSchema = z.object({
  target: z.string(),
  kind: z.enum(['domain', 'host', 'ip']),
  mx: z.array(z.object({ host: z.string(), preference: z.number().int(), addresses: z.array(z.string()) })),
  addresses: z.array(z.string()),
  /**
   * One entry an address: its PTR names, whether one of them resolves back (forward-confirmed reverse DNS), and the state
   * of the look-up; `bannerMatch` says whether the host that the last probe was greeted by is one of them, null when no
   * probe is known.
   */
  ptr: z.array(
    z.object({
      ip: z.string(),
      names: z.array(z.string()),
      confirmed: z.boolean(),
      state: lookupSchema.shape.state.optional(),
      bannerMatch: z.boolean().nullable().optional(),
    }),
  ),
  /**
   * What was found worth a word, most important first: null MX, MX to a CNAME, PTR missing, DNS failure. `owner` must act,
   * `fix` is the next move.
   */
  findings: z.array(
    z.object({
      severity: z.enum(['ok', 'info', 'warning', 'error']),
      text: z.string(),
      owner: ownerSchema.optional(),
      fix: z.string().optional(),
    }),
  ),
  summary: z.string(),
  /** ISO 8601, and how long it took in milliseconds. */
  startedAt: z.string(),
  durationMs: z.number(),
  /** The domain whose mail policies were looked up; null when none was. */
  domain: z.string().nullable(),
  /** How the look-ups of MX, A and AAAA, and PTR records ended; their records stand above. */
  lookups: z.object({ mx: lookupSchema, addresses: lookupSchema, ptr: lookupSchema }),
  /** DNSSEC of the first answer: `secure` and `insecure` as the resolver says, `bogus` when signatures do not verify. */
  dnssec: z.enum(['secure', 'insecure', 'bogus', 'unknown']),
  /** Who runs the servers, named from MX hosts, reverse names or a banner; `evidence` is the name that told. */
  provider: z
    .object({
      name: z.string(),
      evidence: z.string(),
      statusPage: z.string().nullable(),
      delisting: z.string().nullable(),
    })
    .nullable(),
  spf: spfSchema,
  dmarc: dmarcSchema,
  blocklists: blocklistsSchema,
  dkim: dkimSchema,
  mtaSts: mtaStsSchema,
  tlsRpt: tlsRptSchema,
  dane: daneSchema,
  bimi: bimiSchema,
  exchangeOnline: exchangeOnlineSchema,
  history: historySchema,
  /** Parts that are still being looked up: empty in the answer, not in what is shown on the way. */
  pending: z.array(z.enum(PEER_SECTIONS)),
});
/** What one look-up found. */
export type PeerReport = z.infer<typeof peerReportSchema>;
/** One thing worth a word. */
export type PeerFinding = PeerReport['findings'][number];
