import type { Cause, ErrorType, Owner } from '../../../vocabulary.ts';
import type { Rule } from '../rule.ts';
import * as F from './faults.ts';

interface Fault {
  errorType: ErrorType | null;
  cause: Cause | 'ok';
  owner: Owner;
}

const OK: Fault = { errorType: null, cause: 'ok', owner: 'none' };
const TRANSIENT: Fault = { errorType: 'Unknown', cause: 'transient', owner: 'unknown' };
const PERMANENT: Fault = { errorType: 'Unknown', cause: 'permanent', owner: 'unknown' };

/** Reply codes of RFC 5321 section 4.2.3, RFC 4954 section 6 and RFC 7504: what is left when nothing else is said. */
const ROWS: readonly (readonly [code: string, fault: Fault, confidence: number, meaning: string, source: string])[] = [
  ['421', F.BUSY, 0.65, 'The server closes the connection: it is busy or shutting down.', 'RFC 5321 section 4.2.3'],
  [
    '432',
    F.THROTTLED,
    0.6,
    'The recipient cannot take more messages at once now.',
    'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online',
  ],
  [
    '441',
    F.NOT_CONNECTED,
    0.6,
    'Exchange could not reach the target address.',
    'https://learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages',
  ],
  [
    '442',
    F.RESET,
    0.5,
    'The connection broke during transmission.',
    'https://learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages',
  ],
  [
    '446',
    F.LOOP,
    0.5,
    'The message has passed too many servers.',
    'https://learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages',
  ],
  ['450', TRANSIENT, 0.3, 'The mailbox is not available now; the server does not say why.', 'RFC 5321 section 4.2.3'],
  [
    '451',
    TRANSIENT,
    0.3,
    'The server met an error and asks to try again; it does not say which.',
    'RFC 5321 section 4.2.3',
  ],
  ['452', F.RESOURCES, 0.6, 'The server is short of storage.', 'RFC 5321 section 4.2.3'],
  [
    '454',
    F.STARTTLS_REFUSED,
    0.5,
    'TLS or authentication is not available now.',
    'RFC 3207 section 4; RFC 4954 section 6',
  ],
  ['455', F.PROTOCOL, 0.6, 'The server cannot take the parameters now.', 'RFC 5321 section 4.2.3'],
  ['500', F.PROTOCOL, 0.6, 'The server did not understand a command.', 'RFC 5321 section 4.2.3'],
  ['501', F.PROTOCOL, 0.6, 'The server did not accept the arguments of a command.', 'RFC 5321 section 4.2.3'],
  ['502', F.PROTOCOL, 0.65, 'The server does not have this command.', 'RFC 5321 section 4.2.3'],
  ['503', F.PROTOCOL, 0.65, 'The commands came in the wrong order.', 'RFC 5321 section 4.2.3'],
  ['504', F.PROTOCOL, 0.6, 'The server does not have this command parameter.', 'RFC 5321 section 4.2.3'],
  ['521', F.NULL_MX, 0.75, 'The host accepts no mail at all.', 'RFC 7504 section 3'],
  ['523', F.AUTH_REQUIRED, 0.6, 'Logging in needs stronger encryption.', 'RFC 4954 section 6'],
  ['530', F.AUTH_REQUIRED, 0.75, 'The server wants the sender to log in first.', 'RFC 4954 section 6'],
  ['534', F.AUTH_REJECTED, 0.75, 'The way of logging in is too weak for the server.', 'RFC 4954 section 6'],
  ['538', F.AUTH_REQUIRED, 0.75, 'Logging in needs TLS first.', 'RFC 4954 section 6'],
  ['550', PERMANENT, 0.3, 'The server refused; it does not say why.', 'RFC 5321 section 4.2.3'],
  ['551', F.UNKNOWN_RECIPIENT, 0.75, 'The recipient is not at this server.', 'RFC 5321 section 4.2.3'],
  ['552', F.QUOTA, 0.55, 'The mailbox has no room for the message.', 'RFC 5321 section 4.2.3'],
  ['553', F.BAD_ADDRESS, 0.5, 'The mailbox name is not allowed.', 'RFC 5321 section 4.2.3'],
  ['554', PERMANENT, 0.3, 'The transaction failed; the server does not say why.', 'RFC 5321 sections 3.1 and 4.2.3'],
  ['555', F.PROTOCOL, 0.65, 'The server does not know the parameters of MAIL or RCPT.', 'RFC 5321 section 4.2.3'],
  ['556', F.NULL_MX, 0.85, "The recipient's domain accepts no mail at all.", 'RFC 7504 section 4'],
];

/** The rows as rules. */
export const CODES_SMTP: readonly Rule[] = [
  ...ROWS.map(([code, fault, confidence, meaning, source]) => ({
    id: `smtp-${code}`,
    code,
    ...fault,
    confidence,
    meaning,
    source,
    example: `${code} .`,
  })),
  ...['211', '214', '220', '221', '235', '250', '251', '252', '334', '354'].map((code) => ({
    id: `smtp-${code}`,
    code,
    ...OK,
    confidence: 0.95,
    meaning: 'Nothing is wrong: the server accepted or answered.',
    source: 'RFC 5321 section 4.2.3; RFC 4954 section 6',
    example: `${code} .`,
  })),
];
