import type { Rule } from '../rule.ts';
import { createRuleIndex, type RuleIndex } from '../rule-index.ts';
import { CODES_IANA_BROAD, CODES_IANA_PRECISE } from './codes-iana.ts';
import { CODES_SMTP } from './codes-smtp.ts';
import { EXCHANGE_ONLINE_TEXT } from './exchange-online.ts';
import { EXCHANGE_ONLINE_DETAIL, EXCHANGE_ONLINE_OWN } from './exchange-online-codes.ts';
import { EXCHANGE_SERVER } from './exchange-server.ts';
import { GATEWAYS } from './gateways.ts';
import { MAILBOX_PROVIDERS } from './mailbox-providers.ts';
import { SOCKETS } from './sockets.ts';
import { TEXT_BUSY, TEXT_LIMITS, TEXT_OWN_TROUBLE } from './text-busy.ts';
import { TEXT_CONCEPTS } from './text-concepts.ts';
import { TEXT_LANGUAGES, TEXT_LANGUAGES_VAGUE } from './text-languages.ts';
import { TEXT_LANGUAGES_MORE } from './text-languages-more.ts';
import { TEXT_CONNECT, TEXT_DNS } from './text-network.ts';
import {
  TEXT_CONTENT,
  TEXT_FOUND,
  TEXT_MISROUTED,
  TEXT_POLICY,
  TEXT_RELAY,
  TEXT_SIZE_AND_LOOP,
} from './text-policy.ts';
import { TEXT_PARAMETER, TEXT_PROTOCOL } from './text-protocol.ts';
import { TEXT_RECIPIENT, TEXT_RECIPIENT_VAGUE } from './text-recipient.ts';
import { TEXT_REPUTATION } from './text-reputation.ts';
import { TEXT_SENDER } from './text-sender.ts';
import { TEXT_AUTH, TEXT_TLS } from './text-tls-auth.ts';

/**
 * Every rule, most specific first: what one vendor writes, then words that name a reason, then words that name none, then
 * codes. A code decides only what no words decide, except Exchange Online's three-digit details, which are unmistakable.
 */
export const RULES: readonly Rule[] = [
  ...EXCHANGE_ONLINE_TEXT,
  ...EXCHANGE_SERVER,
  ...MAILBOX_PROVIDERS,
  ...GATEWAYS,
  ...EXCHANGE_ONLINE_DETAIL,
  ...SOCKETS,
  ...TEXT_TLS,
  ...TEXT_OWN_TROUBLE,
  ...TEXT_PARAMETER,
  ...TEXT_FOUND,
  ...TEXT_SENDER,
  ...TEXT_REPUTATION,
  ...TEXT_LIMITS,
  ...TEXT_SIZE_AND_LOOP,
  ...TEXT_RELAY,
  ...TEXT_AUTH,
  ...TEXT_RECIPIENT,
  ...TEXT_DNS,
  ...TEXT_CONNECT,
  ...TEXT_LANGUAGES,
  ...TEXT_LANGUAGES_MORE,
  ...EXCHANGE_ONLINE_OWN,
  ...TEXT_CONTENT,
  ...TEXT_PROTOCOL,
  ...TEXT_MISROUTED,
  ...CODES_IANA_PRECISE,
  ...TEXT_CONCEPTS,
  ...TEXT_RECIPIENT_VAGUE,
  ...TEXT_POLICY,
  ...TEXT_LANGUAGES_VAGUE,
  ...TEXT_BUSY,
  ...CODES_IANA_BROAD,
  ...CODES_SMTP,
];

/** The compiled table. */
export const RULE_INDEX: RuleIndex = createRuleIndex(RULES);
