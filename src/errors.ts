/** Something the person can mend. The message is safe to show and ends with the next step. */
export class UserError extends Error {
  override name = 'UserError';
  /** A line to type that works, shown as an example under the message. */
  readonly example: string | undefined;
  constructor(message: string, options: { example?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.example = options.example;
  }
}

/** Kinds of trouble that a chat platform reports, the same for every platform. */
export type PlatformErrorKind = 'rate-limited' | 'too-large' | 'not-allowed' | 'not-found' | 'unavailable' | 'invalid';

/** A chat platform refused or failed a call. */
export class PlatformError extends Error {
  override name = 'PlatformError';
  readonly kind: PlatformErrorKind;
  readonly retryable: boolean;
  /** How long to wait before trying again, in milliseconds, when the platform said so. */
  readonly retryAfterMs: number | undefined;
  constructor(kind: PlatformErrorKind, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryable = kind === 'rate-limited' || kind === 'unavailable';
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The `code` of a Node system error (`ECONNREFUSED`), or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
