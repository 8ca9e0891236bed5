import { z } from 'zod';

const cidr = z
  .string()
  .max(50)
  .regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/);

/** Address ranges that Exchange Online sends from and receives at, as published on a day. */
export const exchangeRangesSchema = z.object({
  /** YYYY-MM-DD. */
  date: z.iso.date(),
  source: z.string().max(300),
  ranges: z.array(cidr).min(1).max(2000),
});
/** See {@link exchangeRangesSchema}. */
export type ExchangeRanges = z.infer<typeof exchangeRangesSchema>;

/**
 * Endpoint sets 9 and 10 of Microsoft's published list for the worldwide cloud (learn.microsoft.com/microsoft-365/enterprise/
 * urls-and-ip-address-ranges; version 2026081400), the ones that hold mail between servers (TCP 25). `mailmedic peer --refresh-ranges` fetches newer ones.
 */
export const EXCHANGE_ONLINE_RANGES: ExchangeRanges = {
  date: '2026-08-14',
  source: 'https://endpoints.office.com/endpoints/worldwide',
  ranges: [
    '40.92.0.0/15',
    '40.107.0.0/16',
    '52.100.0.0/14',
    '52.238.78.88/32',
    '104.47.0.0/17',
    '2a01:111:f400::/48',
    '2a01:111:f403::/48',
  ],
};

/**
 * The relay pool: mail that Exchange Online only passes on (forwarded, or without SPF and DKIM of its own). Its addresses are
 * in no published SPF record (learn.microsoft.com/defender-office-365/outbound-spam-high-risk-delivery-pool-about).
 */
export const RELAY_POOL: readonly string[] = ['40.95.0.0/16'];

/** Names under which Exchange Online takes mail: worldwide (also with DNSSEC), Outlook.com, US government, China. */
export const EXCHANGE_MX_SUFFIXES: readonly string[] = [
  'mail.protection.outlook.com',
  'mx.microsoft',
  'olc.protection.outlook.com',
  'mail.protection.office365.us',
  'mail.protection.partner.outlook.cn',
];
