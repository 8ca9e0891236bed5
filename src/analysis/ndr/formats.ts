import { EXCHANGE } from './exchange.ts';
import { ANY, EXIM, POSTFIX, QMAIL, QUOTING, SENDMAIL } from './mailers.ts';
import type { NdrFormat } from './ndr.ts';

/** Every reader of bounce bodies, the most particular first. A new mail system is a row here. */
export const NDR_FORMATS: readonly NdrFormat[] = [EXCHANGE, SENDMAIL, QMAIL, POSTFIX, EXIM, QUOTING, ANY];
