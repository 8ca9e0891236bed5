/** What is known of a DNS block list: how to read its codes and where its owner lets addresses be removed. */
export interface BlocklistFacts {
  /** Answers that mean a listing, in words. An answer of another list is read by RFC 5782 alone. */
  codes: Readonly<Record<string, string>>;
  /** Where a listing is looked up and lifted. */
  removal: string;
  /** It is known to list IPv6 addresses; of any other list its test entry for them must tell (RFC 5782 5). */
  ipv6?: boolean;
}

/**
 * Codes as their owners document them: Spamhaus docs.spamhaus.com (datasets, zones), SpamCop www.spamcop.net/bl.shtml,
 * Barracuda www.barracudacentral.org/rbl, PSBL psbl.org/howto.
 */
export const BLOCKLISTS: Readonly<Record<string, BlocklistFacts>> = {
  'zen.spamhaus.org': {
    codes: {
      '127.0.0.2': 'SBL: spam was seen from it',
      '127.0.0.3': 'CSS: low reputation, found automatically',
      '127.0.0.4': 'XBL: infected or exploited machine',
      '127.0.0.5': 'XBL: infected or exploited machine',
      '127.0.0.6': 'XBL: infected or exploited machine',
      '127.0.0.7': 'XBL: infected or exploited machine',
      '127.0.0.9': 'DROP: hijacked or criminal network',
      '127.0.0.10': 'PBL: its provider says that no mail server is here',
      '127.0.0.11': 'PBL: Spamhaus says that no mail server is here',
      '127.0.0.30': 'BCL: botnet controller',
    },
    removal: 'https://check.spamhaus.org/',
    ipv6: true,
  },
  'bl.spamcop.net': {
    codes: { '127.0.0.2': 'spam from it was reported; it ends a day after the last report' },
    removal: 'https://www.spamcop.net/bl.shtml',
  },
  'b.barracudacentral.org': {
    codes: { '127.0.0.2': 'spam or malware was seen from it' },
    removal: 'https://www.barracudacentral.org/lookups',
  },
  'psbl.surriel.com': {
    codes: { '127.0.0.2': 'it sent mail to a spam trap' },
    removal: 'https://psbl.org/remove',
  },
};

/**
 * Answers that are errors of the question and no listing. Spamhaus documents the three in 127.255.255.0/24; others took
 * them over. Some lists answer 127.0.0.1 to those they do not serve, which RFC 5782 2.3 keeps free of listings.
 */
export const BLOCKLIST_ERRORS: Readonly<Record<string, string>> = {
  '127.255.255.252': 'there is no list of this name',
  '127.255.255.254': 'it does not answer public resolvers: use a resolver of your own (MAILMEDIC_DNS)',
  '127.255.255.255': 'too many questions came from this resolver',
  '127.0.0.1': 'it does not serve this resolver',
};
