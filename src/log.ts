import { destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

const SECRET_KEYS = ['token', 'password', 'secret', 'authorization', 'appToken', 'signingSecret', 'response_url'];

/**
 * Logs go to stderr, one JSON line an event: a static message plus fields. Values under secret-looking keys are removed.
 * Local parts of addresses are masked by the caller with {@link maskAddress}.
 */
export function createLogger(level = 'info'): Logger {
  return pino(
    { level, redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[removed]' } },
    destination({ fd: 2, sync: true }),
  );
}

/** A logger that says nothing, for tests and for commands that print their own errors. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/** `kim@fabrikam.com` becomes `k…@fabrikam.com`; text without an `@` is returned as it is. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? address : `${Array.from(address)[0]}…${address.slice(at)}`;
}
