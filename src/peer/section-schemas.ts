import { z } from 'zod';

/**
 * How a look-up ended. `absent`: the DNS says that there is no such record; `wrong`: there is one that cannot be used or
 * says something harmful; `failed`: the name servers failed or refused (SERVFAIL, REFUSED, broken DNSSEC); `timeout`: nobody
 * answered; `not-asked`: it does not apply, and `words` say why.
 */
export const LOOKUP_STATES = ['ok', 'absent', 'wrong', 'failed', 'timeout', 'not-asked'] as const;
/** One of {@link LOOKUP_STATES}. */
export type LookupState = (typeof LOOKUP_STATES)[number];

/** What every part of the report has: its state, and one sentence for people. */
export const lookupSchema = z.object({ state: z.enum(LOOKUP_STATES), words: z.string() });
/** See {@link lookupSchema}. */
export type Lookup = z.infer<typeof lookupSchema>;

/** A look-up that was not made, and why. */
export function notAsked(words: string): Lookup {
  return { state: 'not-asked', words };
}

/** SPF (RFC 7208). */
export const spfSchema = lookupSchema.extend({
  record: z.string().nullable(),
  /** DNS terms in the whole tree, of which a receiver follows 10 (4.6.4), and those that found nothing, of which it takes 2. */
  lookups: z.number().int().nullable(),
  voids: z.number().int().nullable(),
  /** What is said of everybody else: `fail` for `-all`, `softfail`, `neutral`, `pass`. */
  others: z.enum(['pass', 'softfail', 'neutral', 'fail']).nullable(),
  warnings: z.array(z.string()),
  /** The tree, one term a line, deeper ones behind their include. */
  terms: z.array(z.object({ depth: z.number().int(), text: z.string() })),
  /** The verdict for addresses that were asked about, with the mechanism that decided. */
  evaluations: z.array(
    z.object({
      ip: z.string(),
      result: z.enum(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror']),
      decidedBy: z.string().nullable(),
    }),
  ),
});
/** See {@link spfSchema}. */
export type SpfSection = z.infer<typeof spfSchema>;

/** DMARC (RFC 7489). */
export const dmarcSchema = lookupSchema.extend({
  record: z.string().nullable(),
  /** The domain that publishes it: the one asked about, or its organizational domain. */
  at: z.string().nullable(),
  /** The policy in force for the domain asked about. */
  policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
  subdomainPolicy: z.enum(['none', 'quarantine', 'reject']).nullable(),
  percent: z.number().nullable(),
  reportsTo: z.array(z.string()),
  warnings: z.array(z.string()),
});
/** See {@link dmarcSchema}. */
export type DmarcSection = z.infer<typeof dmarcSchema>;
/** What is known of DMARC where there is no record. */
export const NO_DMARC: Omit<DmarcSection, keyof Lookup> = {
  record: null,
  at: null,
  policy: null,
  subdomainPolicy: null,
  percent: null,
  reportsTo: [],
  warnings: [],
};

/** One DKIM selector (RFC 6376). */
export const dkimSelectorSchema = lookupSchema.extend({
  selector: z.string(),
  keyType: z.string().nullable(),
  bits: z.number().int().nullable(),
  revoked: z.boolean(),
  testing: z.boolean(),
  /** Where the name points, when it is an alias. */
  alias: z.string().nullable(),
});
/** See {@link dkimSelectorSchema}. */
export type DkimSelector = z.infer<typeof dkimSelectorSchema>;
/** The selectors that were found or could not be asked for; the absent ones are only counted. */
export const dkimSchema = lookupSchema.extend({
  selectors: z.array(dkimSelectorSchema),
  asked: z.number().int(),
});
/** See {@link dkimSchema}. */
export type DkimSection = z.infer<typeof dkimSchema>;

/** MTA-STS (RFC 8461). */
export const mtaStsSchema = lookupSchema.extend({
  mode: z.enum(['enforce', 'testing', 'none']).nullable(),
  mx: z.array(z.string()),
  maxAgeS: z.number().nullable(),
  warnings: z.array(z.string()),
});
/** See {@link mtaStsSchema}. */
export type MtaStsSection = z.infer<typeof mtaStsSchema>;

/** TLS reporting (RFC 8460). */
export const tlsRptSchema = lookupSchema.extend({ reportsTo: z.array(z.string()) });
/** See {@link tlsRptSchema}. */
export type TlsRptSection = z.infer<typeof tlsRptSchema>;

/** TLSA records of the MX hosts (RFC 7672). */
export const daneSchema = lookupSchema.extend({
  hosts: z.array(lookupSchema.extend({ host: z.string(), records: z.array(z.string()) })),
});
/** See {@link daneSchema}. */
export type DaneSection = z.infer<typeof daneSchema>;

/** BIMI. */
export const bimiSchema = lookupSchema.extend({
  record: z.string().nullable(),
  location: z.string().nullable(),
  authority: z.string().nullable(),
});
/** See {@link bimiSchema}. */
export type BimiSection = z.infer<typeof bimiSchema>;

/** What one DNS block list says of one address (RFC 5782). */
export const blocklistEntrySchema = z.object({
  ip: z.string(),
  list: z.string(),
  state: z.enum(['listed', 'not-listed', 'refused', 'failed', 'timeout']),
  codes: z.array(z.string()),
  words: z.string(),
  /** The list's own reason (TXT); foreign text. */
  reason: z.string().nullable(),
});
/** See {@link blocklistEntrySchema}. */
export type BlocklistEntry = z.infer<typeof blocklistEntrySchema>;
/** What all lists say of all addresses. */
export const blocklistsSchema = lookupSchema.extend({ entries: z.array(blocklistEntrySchema) });
/** See {@link blocklistsSchema}. */
export type BlocklistsSection = z.infer<typeof blocklistsSchema>;

/** Is this Exchange Online? `absent` is never a hard no: sovereign clouds and new ranges are not in the list. */
export const exchangeOnlineSchema = lookupSchema.extend({
  addresses: z.array(z.object({ ip: z.string(), pool: z.enum(['published', 'relay', 'unpublished']) })),
  /** MX hosts with a name of Exchange Online. */
  mxHosts: z.array(z.string()),
  /** Day of the ranges (YYYY-MM-DD). */
  rangesOf: z.string().nullable(),
});
/** See {@link exchangeOnlineSchema}. */
export type ExchangeOnlineSection = z.infer<typeof exchangeOnlineSchema>;

/** Past probes of this peer. */
export const historySchema = lookupSchema.extend({ probes: z.number().int(), failed: z.number().int() });
/** See {@link historySchema}. */
export type HistorySection = z.infer<typeof historySchema>;
