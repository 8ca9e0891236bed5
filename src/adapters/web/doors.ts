import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Header in which the page sends the token of this start. */
export const TOKEN_HEADER = 'x-mailmedic-token';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Answers only requests made to a name of this machine: a foreign name that was made to resolve to 127.0.0.1
 * (DNS rebinding) stays outside although the connection itself is local.
 */
export const localHostOnly: RequestHandler = (request, response, next) => {
  const host = request.headers.host ?? '';
  if (LOCAL_NAMES.has(host.replace(/:\d{1,5}$/, '').toLowerCase())) next();
  else response.status(403).json({ error: 'Open this page as http://127.0.0.1 or http://localhost.' });
};

/**
 * Refuses what another site's page sends (CSRF): browsers mark the request with Sec-Fetch-Site (W3C Fetch Metadata) and,
 * for everything but plain GETs, with Origin.
 */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && origin !== `http://${request.headers.host}`);
  if (foreign) response.status(403).json({ error: 'Requests from other sites are refused.' });
  else next();
};

/** Refuses requests that do not carry the token, which only a page loaded from here can know. */
export function tokenOnly(token: string): RequestHandler {
  const expected = Buffer.from(token);
  return (request, response, next) => {
    const given = Buffer.from(request.get(TOKEN_HEADER) ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) next();
    else response.status(403).json({ error: 'The server was started again. Reload the page.' });
  };
}

/** Nothing but this server's own files: no inline script, no frame, no request to anywhere else. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer of the channel. */
export const protectiveHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': CONTENT_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  next();
};
