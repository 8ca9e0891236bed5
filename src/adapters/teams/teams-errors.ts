import { errnoOf, messageOf, PlatformError, type PlatformErrorKind } from '../../errors.ts';
import { ConnectorError } from './connector-http.ts';

/**
 * What the connector's HTTP states mean (Teams: "Rate limiting for bots", "Status codes from bot conversational APIs").
 * 412 is Teams' "try again"; 5xx not listed is `unavailable`, any other state `invalid`.
 */
const BY_STATUS: Record<number, { kind: PlatformErrorKind; message: string }> = {
  401: { kind: 'not-allowed', message: 'Teams did not accept our token. Check the app id, password and tenant.' },
  403: {
    kind: 'not-allowed',
    message: 'Teams does not let the bot write here: it was removed or blocked. Add it again.',
  },
  404: {
    kind: 'not-found',
    message: 'Teams knows no such conversation or message; private messages end after 24 hours.',
  },
  408: { kind: 'unavailable', message: 'Teams took too long to answer.' },
  412: { kind: 'unavailable', message: 'Teams asked to try again.' },
  413: { kind: 'too-large', message: 'The message is larger than Teams takes (about 100 KB).' },
  429: { kind: 'rate-limited', message: 'Teams takes no more messages from the bot in this conversation for now.' },
  501: { kind: 'invalid', message: 'Teams does not do this in this conversation.' },
};

/** Codes of MSAL, which fetches our token: these mean that the credentials are wrong, not that the network is. */
const CREDENTIAL_CODES = new Set(['invalid_client', 'unauthorized_client', 'invalid_grant', 'invalid_request']);

/** Whatever a call to Teams threw, as the one kind of error that the rest of the program knows. */
export function toPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof ConnectorError) return fromStatus(error);
  if (CREDENTIAL_CODES.has(msalCode(error) ?? '')) {
    const message = 'Microsoft refused the bot its token. Check the app password (it expires) and the tenant.';
    return new PlatformError('not-allowed', message, { cause: error });
  }
  const reason = errnoOf(error) ?? messageOf(error);
  return new PlatformError('unavailable', `Teams cannot be reached: ${reason}`, { cause: error });
}

function fromStatus(error: ConnectorError): PlatformError {
  const known = BY_STATUS[error.status];
  const kind = known?.kind ?? (error.status >= 500 ? 'unavailable' : 'invalid');
  const message = known?.message ?? `Teams answered ${error.status}.`;
  const code = error.code === undefined ? '' : ` (${error.code})`;
  return new PlatformError(kind, `${message}${code}`, {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

function msalCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('errorCode' in error)) return undefined;
  return typeof error.errorCode === 'string' ? error.errorCode : undefined;
}
