import type { ErrorRequestHandler } from 'express';
import { messageOf, PlatformError, type PlatformErrorKind } from '../../errors.ts';
import type { Logger } from '../../log.ts';

/** Turns what a route or body parser throws into JSON with a status; only words meant for people leave the server. */
export function apiErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (request.readableAborted) {
      logger.debug('web request broken off by the page');
      return;
    }
    // The rest of a refused body is not read, so the connection cannot be used again.
    if (!request.readableEnded) response.set('Connection', 'close');
    const status = statusOf(error);
    if (status === 500) logger.error({ err: error }, 'web request failed');
    response.status(status).json({ error: status === 500 ? 'The server failed; its log says why.' : messageOf(error) });
  };
}

const STATUS: Record<PlatformErrorKind, number> = {
  'too-large': 413,
  'rate-limited': 429,
  unavailable: 503,
  'not-found': 404,
  'not-allowed': 403,
  invalid: 400,
};

function statusOf(error: unknown): number {
  if (error instanceof PlatformError) return STATUS[error.kind];
  // body-parser and express.static give their errors a `status` (http-errors).
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
}
