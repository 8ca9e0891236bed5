import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { createSeen } from '../../chat/seen.ts';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';

/** Slack's own rule: a request signed more than five minutes ago is refused (docs: "Verifying requests from Slack"). */
export const MAX_AGE_S = 300;

/** Clocks differ a little; a timestamp further ahead was made up to outlive the replay guard. */
export const MAX_AHEAD_S = 60;

/** Longer than a signature stays valid (MAX_AGE_S + MAX_AHEAD_S), so that it cannot be used twice. */
const REPLAY_TTL_MS = 600_000;

/** Only signed requests are remembered, so nobody without the secret can fill this. */
const REPLAY_MAX = 200_000;

export type Refusal = 'unsigned' | 'bad-timestamp' | 'stale' | 'future' | 'bad-signature' | 'replay';

/** A request as it is signed: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>` in hexadecimal. */
export interface SignedRequest {
  signature: string | undefined;
  timestamp: string | undefined;
  body: Buffer;
}

/** Undefined when the signature holds at `now`, else why not. The timestamp is hashed as it was written. */
export function refuseUnsigned(request: SignedRequest, signingSecret: string, now: Date): Refusal | undefined {
  const { signature, timestamp, body } = request;
  if (signature === undefined || timestamp === undefined) return 'unsigned';
  if (!/^\d{1,12}$/.test(timestamp)) return 'bad-timestamp';
  const ageS = now.getTime() / 1000 - Number(timestamp);
  if (ageS > MAX_AGE_S) return 'stale';
  if (ageS < -MAX_AHEAD_S) return 'future';
  const expected = Buffer.from(signBody(signingSecret, timestamp, body));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'bad-signature';
}

/** The value of `x-slack-signature` for a body. */
export function signBody(signingSecret: string, timestamp: string, body: Buffer | string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

/**
 * Express middleware in front of Bolt, on a raw body: Bolt 5.1 accepts future timestamps and has no replay guard.
 * Anything but a fresh, signed, first-time request is answered 401 and goes no further. A genuine retry by Slack has a
 * new timestamp and so a new signature; it passes here and is recognised by its event or trigger id.
 */
export function createRequestGuard(options: { signingSecret: string; clock: Clock; logger: Logger }): RequestHandler {
  const { signingSecret, clock, logger } = options;
  const signatures = createSeen({ ttlMs: REPLAY_TTL_MS, max: REPLAY_MAX, now: () => clock.elapsed() });
  return (request, response, next) => {
    const signature = request.get('x-slack-signature');
    const body: unknown = request.body;
    const signed = {
      signature,
      timestamp: request.get('x-slack-request-timestamp'),
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    };
    const refusal =
      refuseUnsigned(signed, signingSecret, clock.now()) ?? (signatures.first(signature ?? '') ? undefined : 'replay');
    if (refusal === undefined) return next();
    logger.warn({ reason: refusal }, 'slack request refused');
    response.status(401).end();
  };
}
